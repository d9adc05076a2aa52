import assert from 'node:assert/strict';
import type { KeyObject } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { OAuthError } from '../../../core/oauth-error.ts';
import { type Assertion, clientAssertion, type KeyKind } from '../../support/client-assertion.ts';
import {
  createKeyedIssuer,
  KEY,
  KEYS,
  type KeyedIssuer,
  NOW,
  refusedFor,
  STOLEN,
} from '../../support/keyed-issuer.ts';
import { macBy } from '../../support/mac-assertion.ts';

let issuer: KeyedIssuer;
beforeEach(async () => {
  issuer = await createKeyedIssuer();
  await issuer.addKeyed('other', STOLEN.jwk);
});

const good = () => issuer.good();
const assertion = (changes?: Partial<Assertion>) => issuer.assertion(changes);
const authenticate = (client_assertion: string) => issuer.authenticate(client_assertion);

const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
const byStolen = async (header: object = {}) =>
  clientAssertion(STOLEN, 'ES256', { header: { ...header }, claims: good() });
const says = (claims: object) => () => assertion({ claims: { ...claims } });
const names = (sub: unknown, iss = sub) => says({ iss, sub });

/** What an attacker, or a client that errs, may send; and what the log says of it. */
const ATTACKS: readonly (readonly [what: string, attack: () => Promise<string> | string, reason: string])[] =
  [
    ['alg none without a signature', async () => unsigned(), 'assertion_wrong_algorithm'],
    ['alg none with a signature', () => assertion({ header: { alg: 'none' } }), 'assertion_wrong_algorithm'],
    ['no alg', () => assertion({ header: { alg: undefined } }), 'assertion_wrong_algorithm'],
    ['alg __proto__', () => assertion({ header: { alg: '__proto__' } }), 'assertion_wrong_algorithm'],
    ['a list of algs', () => assertion({ header: { alg: ['ES256'] } }), 'assertion_wrong_algorithm'],
    ['alg in lower case', () => assertion({ header: { alg: 'es256' } }), 'assertion_wrong_algorithm'],
    ...['RSA', 'P-256'].map(
      (kind) =>
        [
          `HS256 by the ${kind} public key in PEM`,
          () =>
            assertion({
              header: { alg: 'HS256', kid: kind },
              sign: macBy(pem(KEYS[kind as KeyKind].publicKey)),
            }),
          'method_not_registered',
        ] as const,
    ),
    [
      'HS256 by the public key as JWK',
      () => assertion({ header: { alg: 'HS256' }, sign: macBy(JSON.stringify(KEY.jwk)) }),
      'method_not_registered',
    ],
    [
      'HS256 by the public key under the alg of the key',
      () => assertion({ sign: macBy(pem(KEY.publicKey)) }),
      'assertion_wrong_signature',
    ],
    ['another key under the same kid', () => byStolen(), 'assertion_wrong_signature'],
    [
      'another key that the header brings as jwk',
      () => byStolen({ jwk: STOLEN.jwk }),
      'assertion_wrong_signature',
    ],
    [
      'another key that the header brings as jwk, without a kid',
      () => byStolen({ jwk: STOLEN.jwk, kid: undefined }),
      'assertion_wrong_signature',
    ],
    [
      'another key at a jku',
      () => byStolen({ jku: 'https://attacker.example.com/jwks.json' }),
      'assertion_wrong_signature',
    ],
    [
      'another key at an x5u',
      () => byStolen({ x5u: 'https://attacker.example.com/cert.pem' }),
      'assertion_wrong_signature',
    ],
    ['another key in an x5c', () => byStolen({ x5c: ['MIIB'] }), 'assertion_wrong_signature'],
    [
      'a signature of zeros',
      () => assertion({ sign: () => new Uint8Array(64) }),
      'assertion_wrong_signature',
    ],
    ['no signature', () => assertion({ sign: () => new Uint8Array() }), 'assertion_wrong_signature'],
    [
      'a signature that is too long',
      () => assertion({ sign: () => new Uint8Array(4_000) }),
      'assertion_wrong_signature',
    ],
    ['the type of an access token', () => assertion({ header: { typ: 'at+jwt' } }), 'assertion_wrong_type'],
    ['the type of a DPoP proof', () => assertion({ header: { typ: 'dpop+jwt' } }), 'assertion_wrong_type'],
    ['a type that is no text', () => assertion({ header: { typ: ['JWT'] } }), 'assertion_wrong_type'],
    [
      'a critical extension',
      () => assertion({ header: { crit: ['b64'], b64: true } }),
      'assertion_malformed',
    ],
    [
      'an empty list of critical extensions',
      () => assertion({ header: { crit: [] } }),
      'assertion_malformed',
    ],
    ['no audience', says({ aud: undefined }), 'assertion_wrong_audience'],
    ['another issuer', says({ aud: 'https://another.example.com' }), 'assertion_wrong_audience'],
    ['the token endpoint', says({ aud: 'https://auth.example.com/token' }), 'assertion_wrong_audience'],
    ['the issuer with a slash', says({ aud: 'https://auth.example.com/' }), 'assertion_wrong_audience'],
    ['the issuer in capitals', says({ aud: 'HTTPS://AUTH.EXAMPLE.COM' }), 'assertion_wrong_audience'],
    [
      'the issuer among others',
      says({ aud: ['https://auth.example.com', 'https://attacker.example.com'] }),
      'assertion_wrong_audience',
    ],
    ['the issuer in a list', says({ aud: ['https://auth.example.com'] }), 'assertion_wrong_audience'],
    [
      'the issuer twice',
      says({ aud: Array(2).fill('https://auth.example.com') }),
      'assertion_wrong_audience',
    ],
    ['the issuer in an object', says({ aud: { 0: 'https://auth.example.com' } }), 'assertion_wrong_audience'],
    ['another client’s iss', names('shop', 'backend'), 'assertion_wrong_issuer'],
    ['no iss', says({ iss: undefined }), 'assertion_wrong_issuer'],
    ['another client’s iss and sub', names('other'), 'assertion_wrong_signature'],
    ['a client without keys', names('backend'), 'method_not_registered'],
    ['no sub', says({ sub: undefined }), 'unknown_client'],
    ['an empty sub', names(''), 'unknown_client'],
    ['a sub in capitals', names('SHOP'), 'unknown_client'],
    ['a sub with a space', names('shop '), 'unknown_client'],
    ['a sub with a NUL', names('shop\0'), 'unknown_client'],
    ['a sub in full-width letters', names('ｓｈｏｐ'), 'unknown_client'],
    ['a sub with a zero-width space', names('sh\u200bop'), 'unknown_client'],
    ['a sub with a Cyrillic letter', names('shоp'), 'unknown_client'],
    ['a sub in a list', names(['shop']), 'unknown_client'],
    ['a sub that is an object', names({ shop: true }), 'unknown_client'],
    ['a sub that is a number', names(7), 'unknown_client'],
    ['a sub of JavaScript', names('__proto__'), 'unknown_client'],
    ['a sub of 256 characters', names('s'.repeat(256)), 'unknown_client'],
    ['no exp', says({ exp: undefined }), 'assertion_malformed'],
    ['an exp that is a text', says({ exp: String(NOW + 60) }), 'assertion_malformed'],
    ['an exp that has passed', says({ exp: NOW - 60 }), 'assertion_expired'],
    ['an exp before all time', () => withExp('-1e999'), 'assertion_expired'],
    ['an exp after all time', () => withExp('1e999'), 'assertion_lives_too_long'],
    ['an exp in milliseconds', says({ exp: NOW * 1000 }), 'assertion_lives_too_long'],
    ['an exp of more than an hour', says({ exp: NOW + 3_661 }), 'assertion_lives_too_long'],
    ['an nbf to come', says({ nbf: NOW + 61 }), 'assertion_not_yet_valid'],
    ['an iat to come', says({ iat: NOW + 61 }), 'assertion_not_yet_valid'],
    ['an nbf that is a text', says({ nbf: 'now' }), 'assertion_malformed'],
    ['an iat that is null', says({ iat: null }), 'assertion_malformed'],
    ['no jti', says({ jti: undefined }), 'assertion_malformed'],
    ['an empty jti', says({ jti: '' }), 'assertion_malformed'],
    ['a jti that is a number', says({ jti: 1 }), 'assertion_malformed'],
    ['nothing but dots', () => '..', 'assertion_malformed'],
    ['two parts', () => 'e30.e30', 'assertion_malformed'],
    ['five parts, as an encrypted one has', () => 'e30.e30.e30.e30.e30', 'assertion_malformed'],
    ['a header that is no object', () => 'W10.e30.e30', 'assertion_malformed'],
    ['more than 16,384 characters', says({ padding: 'x'.repeat(16_384) }), 'assertion_malformed'],
    [
      'JSON as deep as it can be',
      () => `${encode(`${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`)}.e30.e30`,
      'unknown_client',
    ],
    ['brackets without end', () => `e30.${encode('['.repeat(10_000))}.e30`, 'assertion_malformed'],
    ['padding behind its base64url', async () => `${await assertion()}=`, 'assertion_malformed'],
    ['a line break behind it', async () => `${await assertion()}\n`, 'assertion_malformed'],
  ];

const encode = (text: string) => Buffer.from(text).toString('base64url');
const unsigned = () => `${encode('{"alg":"none"}')}.${encode(JSON.stringify(good()))}.`;
/** JSON has numbers that JavaScript cannot write. */
const withExp = async (exp: string) => {
  const [header, claims] = (await assertion({ claims: { exp: 0 } })).split('.');
  const text = Buffer.from(claims ?? '', 'base64url')
    .toString()
    .replace('"exp":0', `"exp":${exp}`);
  return `${header}.${encode(text)}.${encode('a signature')}`;
};

describe('an attacker', () => {
  for (const [what, attack, reason] of ATTACKS) {
    it(`is refused as every other: ${what} (RFC 7523 §3, RFC 8725 §3)`, async () => {
      await assert.rejects(authenticate(await attack()), refusedFor(reason));
    });
  }

  it('gets in by no mutation of a good assertion, and makes no error but ours', async () => {
    const signed = await assertion();
    const position = fc.nat({ max: signed.length - 1 });
    const characters = fc.string({ unit: 'binary', maxLength: 4 });
    const base64url = fc
      .array(fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.'), {
        maxLength: 6,
      })
      .map((letters) => letters.join(''));
    const mutation = fc
      .tuple(position, fc.nat({ max: 5 }), fc.oneof(base64url, characters))
      .map(([at, cut, insert]) => signed.slice(0, at) + insert + signed.slice(at + cut))
      .filter((mutated) => mutated !== signed && mutated !== '');
    await fc.assert(
      fc.asyncProperty(mutation, async (mutated) => {
        const outcome = await authenticate(mutated).catch((error: unknown) => error);
        assert.ok(outcome instanceof OAuthError, String(outcome));
        assert.ok(['invalid_client', 'invalid_request'].includes(outcome.code));
      }),
      { numRuns: 10_000 },
    );
    assert.equal((await authenticate(signed)).client_id, 'shop');
  });

  it('gets in by no claims of its own, whatever they are, and makes no error but ours', async () => {
    const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('shop', 'other', NOW, NOW + 60));
    const claims = fc.record(
      { iss: value, sub: value, aud: value, exp: value, nbf: value, iat: value, jti: value },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(claims, async (changed) => {
        const signed = await clientAssertion(STOLEN, 'ES256', { claims: { ...good(), ...changed } });
        const outcome = await authenticate(signed).catch((error: unknown) => error);
        if (outcome instanceof OAuthError) assert.equal(outcome.code, 'invalid_client');
        else assert.deepEqual([changed.iss, changed.sub], ['other', 'other']);
      }),
      { numRuns: 2_000 },
    );
  });
});
