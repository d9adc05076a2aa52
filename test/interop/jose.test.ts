import assert from 'node:assert/strict';
import test from 'node:test';
import { createRemoteJWKSet, decodeJwt, type JWTVerifyOptions, type JWTVerifyResult, jwtVerify } from 'jose';
import { ALGS } from '../../core/jose/algorithms.ts';
import { type ConnectedIssuer, connectIssuer, requestAccessToken } from '../support/connect-issuer.ts';
import { startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { makeRefusedTokens, REFUSED_TOKENS, type RefusedToken } from '../support/refused-tokens.ts';

const REFUSALS: Record<RefusedToken, object> = {
  'for another audience': { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'aud', reason: 'check_failed' },
  'of another issuer': { code: 'ERR_JWKS_NO_MATCHING_KEY' },
  'signed by another key under the kid of the issuer': { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' },
  'whose claims were changed': { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' },
};

function verify(
  token: string,
  { issuer, resource }: Pick<ConnectedIssuer, 'issuer' | 'resource'>,
  options: JWTVerifyOptions = {},
): Promise<JWTVerifyResult> {
  const jwks = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  return jwtVerify(token, jwks, { issuer, audience: resource, typ: 'at+jwt', ...options });
}

for (const alg of ALGS) {
  test(`jose verifies a token that was signed with ${alg} (RFC 7518 §3.1)`, async (t) => {
    const { issuer, client, stop } = await startEmbeddedIssuer({ args: ['--algs', alg] });
    t.after(stop);
    assert(client);
    const token = await requestAccessToken({ issuer, ...client });
    const { payload, protectedHeader } = await verify(token, { issuer, ...client });
    assert.deepEqual(payload, decodeJwt(token));
    assert.equal(protectedHeader.alg, alg);
  });
}

test('jose', async (t) => {
  const connected = await connectIssuer(t);
  const refusedTokens = await makeRefusedTokens(connected);

  for (const wrong of REFUSED_TOKENS) {
    await t.test(`refuses a token ${wrong} (RFC 9068 §4)`, async () => {
      await assert.rejects(verify(refusedTokens[wrong], connected), REFUSALS[wrong]);
    });
  }

  await t.test('verifies a token until the second it expires, and no longer (RFC 7519 §4.1.4)', async () => {
    const token = await requestAccessToken(connected);
    const { exp = 0 } = decodeJwt(token);
    await verify(token, connected, { currentDate: new Date((exp - 1) * 1000) });
    const expired = { currentDate: new Date(exp * 1000) };
    await assert.rejects(verify(token, connected, expired), { code: 'ERR_JWT_EXPIRED' });
  });
});
