import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { readAccessToken } from '../../core/access-token/read-access-token.ts';
import { decodeJwt, isSignedBy } from '../../core/jose/jwt.ts';
import { createClient, updateClient } from '../../core/management/clients.ts';
import { updateResource } from '../../core/management/resources.ts';
import { OAuthError } from '../../core/oauth-error.ts';
import type { RequestRecord } from '../../core/request-record.ts';
import { introspectSigned } from '../../core/signed-introspection.ts';
import { requestToken } from '../../core/token-endpoint.ts';
import { presenting } from '../support/client-assertion.ts';
import { basic, oauthRequest } from '../support/oauth-request.ts';
import { clientId, resourceIdentifier } from '../support/records.ts';
import { createTestIssuer, RESOURCE, type TestIssuer } from '../support/test-issuer.ts';

let issuer: TestIssuer;
let record: RequestRecord;
let token: string;
beforeEach(async () => {
  issuer = await createTestIssuer(['ES256', 'RS256']);
  record = {};
  token = await tokenOf(issuer);
});

async function tokenOf(of: TestIssuer): Promise<string> {
  const request = oauthRequest(basic('backend', of.client_secret), { grant_type: 'client_credentials' });
  return (await requestToken(request, of, {}, {})).access_token;
}

const ask = async (form: Readonly<Record<string, string>>, of = issuer) =>
  introspectSigned(oauthRequest(basic('backend', of.client_secret), form), of, record);

async function read(jwt: string, of = issuer) {
  const decoded = decodeJwt(jwt);
  assert.ok(decoded);
  const key = (await of.signingKeys.load()).keys.find(({ kid }) => kid === decoded.header['kid']);
  assert.ok(key && isSignedBy(decoded, key), 'a key of the issuer signed it');
  const { kid, ...header } = decoded.header;
  return { header, claims: decoded.claims, key };
}

describe('introspectSigned', () => {
  it('answers what introspection does, for the caller alone and signed by RS256 (RFC 9701 §5, §6)', async () => {
    const { header, claims, key } = await read(await ask({ token }));
    assert.deepEqual(header, { typ: 'token-introspection+jwt', alg: 'RS256' });
    const ofToken = decodeJwt(token)?.claims;
    assert.deepEqual(claims, {
      iss: issuer.identifier,
      aud: 'backend',
      iat: issuer.time.now,
      token_introspection: { ...ofToken, active: true, token_type: 'Bearer' },
    });
    assert.deepEqual(record, {
      auth_method: 'client_secret_basic',
      client_id: 'backend',
      active: true,
      jti: ofToken?.['jti'],
      resource: RESOURCE,
      alg: 'RS256',
      kid: key.kid,
    });
  });

  it('signs with what the caller registered (RFC 9701 §6)', async () => {
    await updateClient(clientId('backend'), { introspection_signed_response_alg: 'ES256' }, issuer);
    assert.equal((await read(await ask({ token }))).header['alg'], 'ES256');
  });

  it('signs with what the issuer has when it has no RS256', async () => {
    const other = await createTestIssuer(['ES256']);
    assert.equal(
      (await read(await ask({ token: await tokenOf(other) }, other), other)).header['alg'],
      'ES256',
    );
  });

  it('signs with nothing else than the caller registered', async () => {
    await updateClient(clientId('backend'), { introspection_signed_response_alg: 'PS256' }, issuer);
    await assert.rejects(ask({ token }), { code: 'server_error', reason: 'no_signing_key' });
  });

  for (const introspection_signed_response_alg of ['none', 'HS256', 'rs256', '', 7, ['RS256']]) {
    it(`is not to sign with ${JSON.stringify(introspection_signed_response_alg)} (RFC 9701 §6)`, async () => {
      const update = updateClient(clientId('backend'), { introspection_signed_response_alg }, issuer);
      await assert.rejects(update, { code: 'invalid_client_metadata' });
    });
  }

  it('says of a token that the caller may not see, or that is none, only that it is not active (RFC 9701 §5)', async () => {
    await updateResource(resourceIdentifier(RESOURCE), { introspection_client_ids: [] }, issuer);
    for (const inactive of [token, 'garbage', await ask({ token })]) {
      const { claims } = await read(await ask({ token: inactive }));
      assert.deepEqual(claims, {
        iss: issuer.identifier,
        aud: 'backend',
        iat: issuer.time.now,
        token_introspection: { active: false },
      });
      assert.equal(record.active, false);
    }
  });

  it('signs nothing for a caller that is not authenticated, or asks after nothing (RFC 9701 §4)', async () => {
    const signer = { sign: () => assert.fail('nothing is to be signed') };
    const wrong = oauthRequest(basic('backend', 'wrong'), { token });
    await assert.rejects(introspectSigned(wrong, { ...issuer, signer }, record), { code: 'invalid_client' });
    const empty = oauthRequest(basic('backend', issuer.client_secret));
    await assert.rejects(introspectSigned(empty, { ...issuer, signer }, record), { code: 'invalid_request' });
  });

  it('answers with no access token (RFC 9701 §8.1)', async () => {
    const jwt = await ask({ token });
    assert.equal(readAccessToken(jwt, await issuer.signingKeys.load(), issuer), 'wrong_type');
    const { claims } = await read(await ask({ token: jwt }));
    assert.deepEqual(claims['token_introspection'], { active: false });
  });

  it('answers with no client assertion and no DPoP proof (RFC 9701 §8.1)', async () => {
    const jwt = await ask({ token });
    const { key } = await read(jwt);
    // Though its caller were so careless as to register the issuer's key as its own.
    const jwks = { keys: [{ ...key.public_jwk, kid: key.kid }] };
    await createClient('careless', { token_endpoint_auth_method: 'private_key_jwt', jwks }, {}, issuer);
    const grant = { grant_type: 'client_credentials' };
    const asserted = oauthRequest(undefined, { ...presenting(jwt), ...grant });
    await assert.rejects(requestToken(asserted, issuer, {}, {}), { code: 'invalid_client' });
    const proven = { ...oauthRequest(basic('backend', issuer.client_secret), grant), dpop: jwt };
    await assert.rejects(requestToken(proven, issuer, {}, {}), { code: 'invalid_dpop_proof' });
  });

  it('answers no string as active but a good token, and makes no error but ours', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.nat(token.length - 1).map((at) => `${token.slice(0, at)}~${token.slice(at + 1)}`),
        ),
        async (text) => {
          const outcome = await ask({ token: text }).catch((error: unknown) => error);
          if (outcome instanceof Error) return outcome instanceof OAuthError && outcome.status < 500;
          const { claims } = await read(String(outcome));
          return Object(claims['token_introspection']).active === false;
        },
      ),
      { numRuns: 50 },
    );
  });
});
