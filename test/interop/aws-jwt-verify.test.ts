import assert from 'node:assert/strict';
import test from 'node:test';
import { JwtVerifier } from 'aws-jwt-verify';
import {
  JwtExpiredError,
  JwtInvalidAudienceError,
  JwtInvalidSignatureError,
  KidNotFoundInJwksError,
} from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { decodeJwt } from 'jose';
import * as v from 'valibot';
import { type ConnectedIssuer, connectIssuer, requestAccessToken } from '../support/connect-issuer.ts';
import { startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { makeRefusedTokens, REFUSED_TOKENS, type RefusedToken } from '../support/refused-tokens.ts';

const REFUSALS = {
  'for another audience': JwtInvalidAudienceError,
  'of another issuer': KidNotFoundInJwksError,
  'signed by another key under the kid of the issuer': JwtInvalidSignatureError,
  'whose claims were changed': JwtInvalidSignatureError,
} as const satisfies Record<RefusedToken, object>;

/** Its own fetcher takes https only. */
function jwksCache(): SimpleJwksCache {
  return new SimpleJwksCache({ fetcher: { fetch: async (uri) => (await fetch(uri)).arrayBuffer() } });
}

/** Not told the `jwks_uri`, it takes it to be `/.well-known/jwks.json` behind the issuer. */
function verify(
  token: string,
  { issuer, resource }: Pick<ConnectedIssuer, 'issuer' | 'resource'>,
): Promise<object> {
  const properties = { issuer, audience: resource };
  return JwtVerifier.create(properties, { jwksCache: jwksCache() }).verify(token);
}

// It does not know those of PSS.
for (const alg of ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'EdDSA']) {
  test(`aws-jwt-verify verifies a token that was signed with ${alg} (RFC 7518 §3.1)`, async (t) => {
    const { issuer, client, stop } = await startEmbeddedIssuer({ args: ['--algs', alg] });
    t.after(stop);
    assert(client);
    const token = await requestAccessToken({ issuer, ...client });
    assert.deepEqual(await verify(token, { issuer, ...client }), decodeJwt(token));
  });
}

test('aws-jwt-verify', async (t) => {
  const connected = await connectIssuer(t);
  const refusedTokens = await makeRefusedTokens(connected);

  await t.test('verifies a token with the jwks_uri of the metadata (RFC 8414 §2)', async () => {
    const response = await fetch(`${connected.issuer}/.well-known/openid-configuration`);
    const { jwks_uri } = v.parse(v.object({ jwks_uri: v.string() }), await response.json());
    const properties = { issuer: connected.issuer, audience: connected.resource, jwksUri: jwks_uri };
    const verifier = JwtVerifier.create(properties, { jwksCache: jwksCache() });
    await verifier.hydrate();
    const token = await requestAccessToken(connected);
    assert.deepEqual(verifier.verifySync(token), decodeJwt(token));
  });

  for (const wrong of REFUSED_TOKENS) {
    await t.test(`refuses a token ${wrong} (RFC 9068 §4)`, async () => {
      await assert.rejects(verify(refusedTokens[wrong], connected), REFUSALS[wrong]);
    });
  }

  await t.test('refuses a token that has expired (RFC 7519 §4.1.4)', async ({ mock }) => {
    const token = await requestAccessToken(connected);
    const { exp = 0 } = decodeJwt(token);
    mock.timers.enable({ apis: ['Date'], now: (exp + 1) * 1000 });
    await assert.rejects(verify(token, connected), JwtExpiredError);
  });
});
