import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { verifyForeignJwt } from '../../../core/federation/foreign-jwt.ts';
import { decodeJwt } from '../../../core/jose/jwt.ts';
import { createFederatedIssuer, type FederatedIssuer, GITHUB, MAIN } from '../../support/federated-issuer.ts';
import { NOW } from '../../support/keyed-issuer.ts';

let issuer: FederatedIssuer;
beforeEach(async () => {
  issuer = await createFederatedIssuer();
});

const verify = async (
  changes: Parameters<FederatedIssuer['token']>[0] = {},
  expected: Partial<Parameters<typeof verifyForeignJwt>[1]> = {},
) => {
  const jwt = decodeJwt(await issuer.token(changes));
  assert.ok(jwt);
  const typs = new Set([undefined, 'JWT']);
  const strict = { issuer: GITHUB, audience: issuer.identifier, typs, lifetimeMaxSeconds: 86_400 };
  return verifyForeignJwt(jwt, { ...strict, ...expected }, issuer);
};

describe('a JWT of another issuer', () => {
  it('is told by its claims when it is as expected', async () => {
    const { claims, refusal } = await verify({ header: { typ: 'JWT' } });
    assert.equal(refusal, undefined);
    assert.deepEqual([claims?.['iss'], claims?.['sub'], claims?.['exp']], [GITHUB, MAIN, NOW + 300]);
  });

  it('may be for anyone, and for ever, where nothing else is expected', async () => {
    const lax = { audience: undefined, lifetimeMaxSeconds: undefined };
    for (const claims of [{ aud: 'another' }, { exp: undefined }, { exp: NOW + 1e9 }]) {
      assert.equal((await verify({ claims }, lax)).refusal, undefined);
      assert.notEqual((await verify({ claims })).refusal, undefined);
    }
    assert.equal((await verify({ claims: { exp: NOW - 61 } }, lax)).refusal, 'expired');
  });

  it('may be of the type that is expected, and of no other', async () => {
    const typs = new Set(['at+jwt']);
    assert.equal((await verify({ header: { typ: 'at+jwt' } }, { typs })).refusal, undefined);
    assert.deepEqual(await verify({}, { typs }), { refusal: 'wrong_type', cause: undefined });
  });

  for (const [what, changes, expected, refusal] of [
    ['of another issuer', { claims: { iss: 'https://another.example.com' } }, {}, 'wrong_issuer'],
    ['where another issuer is expected', {}, { issuer: 'https://another.example.com' }, 'wrong_issuer'],
    ['for another audience', { claims: { aud: 'another' } }, {}, 'wrong_audience'],
    ['where another audience is expected', {}, { audience: 'another' }, 'wrong_audience'],
    ['that has expired', { claims: { exp: NOW - 60 } }, {}, 'expired'],
    ['by another key', { sign: () => new Uint8Array(256) }, {}, 'wrong_signature'],
    ['by no key of the issuer', { header: { kid: 'another' } }, {}, 'unknown_key'],
  ] as const) {
    it(`is refused ${what}`, async () => {
      assert.equal((await verify(changes, expected)).refusal, refusal);
    });
  }

  it('is refused with what made it fail when the keys cannot be had', async () => {
    issuer.published.clear();
    const { refusal, cause } = await verify();
    assert.equal(refusal, 'keys_unavailable');
    assert.equal(
      String(cause),
      `DocumentUnavailableError: ${GITHUB}/.well-known/oauth-authorization-server: it answered 404`,
    );
  });
});
