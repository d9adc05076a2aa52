import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import { connectIssuer } from '../support/connect-issuer.ts';
import { makeRefusedTokens, REFUSED_TOKENS, type RefusedToken } from '../support/refused-tokens.ts';

const INSECURE = { [oauth.allowInsecureRequests]: true };

const AUTHENTICATIONS = [
  ['client_secret_basic', oauth.ClientSecretBasic],
  ['client_secret_post', oauth.ClientSecretPost],
] as const;

const REFUSALS: Record<RefusedToken, string> = {
  'for another audience': oauth.JWT_CLAIM_COMPARISON,
  'of another issuer': oauth.JWT_CLAIM_COMPARISON,
  'signed by another key under the kid of the issuer': oauth.INVALID_RESPONSE,
  'whose claims were changed': oauth.INVALID_RESPONSE,
};

async function discover(issuer: string, algorithm: 'oauth2' | 'oidc'): Promise<oauth.AuthorizationServer> {
  const identifier = new URL(issuer);
  const response = await oauth.discoveryRequest(identifier, { ...INSECURE, algorithm });
  return oauth.processDiscoveryResponse(identifier, response);
}

test('oauth4webapi', async (t) => {
  const connected = await connectIssuer(t);
  const { issuer, client_id, client_secret, resource, otherResource, referenceResource } = connected;
  const refusedTokens = await makeRefusedTokens(connected);
  const as = await discover(issuer, 'oauth2');
  const client = { client_id };
  const basic = oauth.ClientSecretBasic(client_secret);

  const requestToken = async (parameters: Record<string, string>, authentication = basic) => {
    const request = oauth.clientCredentialsGrantRequest(as, client, authentication, parameters, INSECURE);
    return oauth.processClientCredentialsResponse(as, client, await request);
  };
  const introspect = async (access_token: string) => {
    const response = await oauth.introspectionRequest(as, client, basic, access_token, INSECURE);
    return oauth.processIntrospectionResponse(as, client, response);
  };
  const validate = (access_token: string, options: oauth.ValidateJWTAccessTokenOptions = {}) => {
    const request = new Request(resource, { headers: { authorization: `Bearer ${access_token}` } });
    return oauth.validateJwtAccessToken(as, request, resource, { ...INSECURE, ...options });
  };

  await t.test('discovers the same metadata by oidc as by oauth2 (RFC 8414 §3)', async () => {
    assert.deepEqual(await discover(issuer, 'oidc'), as);
  });

  for (const [method, authentication] of AUTHENTICATIONS) {
    await t.test(`gets a token by ${method} and validates it (RFC 6749 §4.4, RFC 9068 §4)`, async () => {
      const { access_token, ...rest } = await requestToken({ scope: 'read' }, authentication(client_secret));
      assert.deepEqual(rest, { token_type: 'bearer', expires_in: 3600, scope: 'read' });
      assert.deepEqual(await validate(access_token), decodeJwt(access_token));
    });
  }

  for (const wrong of REFUSED_TOKENS) {
    await t.test(`refuses a token ${wrong} (RFC 9068 §4)`, async () => {
      await assert.rejects(validate(refusedTokens[wrong]), { code: REFUSALS[wrong] });
    });
  }

  await t.test('refuses a token once expires_in is over (RFC 6749 §5.1)', async () => {
    const { access_token, expires_in = 0 } = await requestToken({});
    const later = { [oauth.clockSkew]: expires_in, [oauth.clockTolerance]: 0 };
    await assert.rejects(validate(access_token, later), { code: oauth.JWT_TIMESTAMP_CHECK });
  });

  await t.test(
    'introspects a token, and after revoking it finds it inactive (RFC 7662, RFC 7009)',
    async () => {
      const { access_token } = await requestToken({});
      const active = { active: true, token_type: 'Bearer', ...decodeJwt(access_token) };
      assert.deepEqual(await introspect(access_token), active);
      const response = await oauth.revocationRequest(as, client, basic, access_token, INSECURE);
      await oauth.processRevocationResponse(response);
      assert.deepEqual(await introspect(access_token), { active: false });
    },
  );

  await t.test('introspects and revokes a reference token like any other (RFC 7662, RFC 7009)', async () => {
    const [{ access_token, expires_in }, other] = await Promise.all([
      requestToken({ resource: referenceResource }),
      requestToken({ resource: referenceResource }),
    ]);
    assert.throws(() => decodeJwt(access_token));
    const { active, iat, exp, jti, ...claims } = await introspect(access_token);
    assert.deepEqual([active, Number(exp) - Number(iat)], [true, expires_in]);
    assert.match(String(jti), /^[\w-]{43}$/);
    assert.deepEqual(claims, {
      token_type: 'Bearer',
      iss: issuer,
      aud: referenceResource,
      sub: client_id,
      client_id,
      scope: 'read',
    });
    const response = await oauth.revocationRequest(as, client, basic, access_token, INSECURE);
    await oauth.processRevocationResponse(response);
    assert.deepEqual(await introspect(access_token), { active: false });
    assert.equal((await introspect(other.access_token)).active, true);
  });

  await t.test('learns nothing of a token for an API that is not its own (RFC 7662 §2.2)', async () => {
    const { access_token } = await requestToken({ resource: otherResource });
    assert.deepEqual(await introspect(access_token), { active: false });
  });
});
