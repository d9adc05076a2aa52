import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import { jsonWebKeySet } from '../../../core/jose/jwks.ts';
import {
  currentSigningKey,
  PublicJwkSchema,
  publishedKeys,
  type SigningKey,
  signingKeyState,
} from '../../../core/jose/signing-key.ts';
import { makeSigningKey } from '../../support/records.ts';

const EC = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } as const;
const OKP = { kty: 'OKP', crv: 'Ed25519', x: 'x' } as const;
const AKP = { kty: 'AKP', alg: 'ML-DSA-44', pub: 'pub' } as const;
const RSA = { kty: 'RSA', n: 'n', e: 'AQAB' } as const;

function key(alg: SigningKey['alg'], name: string, times: Partial<SigningKey>): SigningKey {
  const public_jwk = alg === 'RS256' ? { ...RSA, n: name } : { ...EC, x: name };
  return makeSigningKey({ alg, public_jwk, private_key_reference: name }, times);
}

describe('currentSigningKey', () => {
  const old = key('ES256', 'old', { signs_from: 10, retired_at: 40, published_until: 100 });
  const pending = key('ES256', 'pending', { published_at: 20, signs_from: 30 });
  const other = key('RS256', 'other', { signs_from: 35 });
  const keySet = { version: 3, keys: [old, pending, other] };

  for (const [now, alg, expected] of [
    [9, 'ES256', old],
    [10, 'ES256', old],
    [29, 'ES256', old],
    [30, 'ES256', pending],
    [34, 'RS256', other],
    [35, 'RS256', other],
    [1_000, 'ES256', pending],
    [1_000, 'ES384', undefined],
  ] as const) {
    it(`of ${alg} at ${now} is ${expected?.private_key_reference ?? 'none'}`, () => {
      assert.equal(currentSigningKey(keySet, alg, now), expected);
    });
  }

  it('is none from the second in which the only one is retired', () => {
    assert.equal(currentSigningKey({ version: 1, keys: [old] }, 'ES256', 39), old);
    assert.equal(currentSigningKey({ version: 1, keys: [old] }, 'ES256', 40), undefined);
  });

  it('is, before any’s time has come, the one that was published first and is to sign', () => {
    const withdrawn = key('ES256', 'withdrawn', { signs_from: 90, retired_at: 50, published_until: 100 });
    const keys = [
      withdrawn,
      key('ES256', 'later', { signs_from: 80 }),
      key('ES256', 'next', { signs_from: 70 }),
    ];
    assert.equal(currentSigningKey({ version: 3, keys }, 'ES256', 40), keys[1]);
  });

  it('is the first of two that began to sign in the same second', () => {
    const keys = [key('ES256', 'first', { signs_from: 10 }), key('ES256', 'second', { signs_from: 10 })];
    assert.equal(currentSigningKey({ version: 2, keys }, 'ES256', 10), keys[0]);
  });
});

describe('signingKeyState', () => {
  const keys = [
    key('RS256', 'retired', { signs_from: 0, retired_at: 20, published_until: 60 }),
    key('RS256', 'superseded', { signs_from: 20 }),
    key('RS256', 'active', { signs_from: 30, retired_at: 70, published_until: 170 }),
    key('RS256', 'pending', { signs_from: 70 }),
  ];
  const statesAt = (now: number) => keys.map((each) => signingKeyState(each, { version: 4, keys }, now));

  it('follows from the times of all keys', () => {
    assert.deepEqual(statesAt(50), ['retired', 'superseded', 'active', 'pending']);
    assert.deepEqual(statesAt(69), ['gone', 'superseded', 'active', 'pending']);
    assert.deepEqual(statesAt(70), ['gone', 'superseded', 'retired', 'active']);
  });
});

describe('the published keys', () => {
  const signing = key('ES256', 'signing', { signs_from: 0 });
  const pending = key('ES256', 'pending', { published_at: 50, signs_from: 500 });
  const retired = key('RS256', 'retired', { retired_at: 20, published_until: 100 });
  const keySet = { version: 3, keys: [signing, pending, retired] };

  it('are those that are pending, that sign, and that are retired until no token of theirs is valid', () => {
    assert.deepEqual(publishedKeys(keySet, 99), [signing, pending, retired]);
    assert.deepEqual(publishedKeys(keySet, 100), [signing, pending]);
  });

  it('stand in the JWKS with kid, alg and use, and without what is the issuer’s own (RFC 7517 §4)', () => {
    assert.deepEqual(jsonWebKeySet(keySet, 99), {
      keys: [
        { kty: 'EC', crv: 'P-256', x: 'signing', y: 'y', kid: signing.kid, alg: 'ES256', use: 'sig' },
        { kty: 'EC', crv: 'P-256', x: 'pending', y: 'y', kid: pending.kid, alg: 'ES256', use: 'sig' },
        { kty: 'RSA', n: 'retired', e: 'AQAB', kid: retired.kid, alg: 'RS256', use: 'sig' },
      ],
    });
    assert.deepEqual(jsonWebKeySet({ version: 0, keys: [] }, 0), { keys: [] });
  });
});

describe('a public JWK', () => {
  it('has the public members of its type and no other (RFC 7518 §6, RFC 8037 §2, RFC 9964)', () => {
    assert.equal(v.is(PublicJwkSchema, EC), true);
    assert.equal(v.is(PublicJwkSchema, RSA), true);
    assert.equal(v.is(PublicJwkSchema, OKP), true);
    assert.equal(v.is(PublicJwkSchema, AKP), true);
    for (const jwk of [
      { ...EC, d: 'd' },
      { ...RSA, d: 'd' },
      { ...RSA, p: 'p' },
      { ...OKP, d: 'd' },
      { ...OKP, y: 'y' },
      { ...AKP, priv: 'priv' },
      { kty: 'AKP', pub: 'pub' },
      { kty: 'oct', k: 'k' },
      { kty: 'EC' },
    ]) {
      assert.equal(v.is(PublicJwkSchema, jwk), false, JSON.stringify(jwk));
    }
  });
});
