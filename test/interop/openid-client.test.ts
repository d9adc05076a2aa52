import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { connectIssuer } from '../support/connect-issuer.ts';

const DISCOVERIES = ['oauth2', 'oidc'] as const;

const AUTHENTICATIONS = [
  ['client_secret_basic', client.ClientSecretBasic],
  ['client_secret_post', client.ClientSecretPost],
] as const;

const REFUSALS = [
  ['a scope that the client may not have (RFC 6749 §5.2)', { scope: 'admin' }, 'invalid_scope'],
  ['a resource that is for others (RFC 8707 §2)', { resource: 'https://a.example.com' }, 'invalid_target'],
] as const;

test('openid-client', async (t) => {
  const { issuer, client_id, client_secret, resource, otherResource, alikeResource } = await connectIssuer(t);

  const discover = (
    authentication = client.ClientSecretBasic(client_secret),
    algorithm: (typeof DISCOVERIES)[number] = 'oauth2',
  ) =>
    client.discovery(new URL(issuer), client_id, undefined, authentication, {
      algorithm,
      execute: [client.allowInsecureRequests],
    });

  for (const algorithm of DISCOVERIES) {
    for (const [method, authentication] of AUTHENTICATIONS) {
      await t.test(
        `discovers the issuer by ${algorithm} and gets a token by ${method} (RFC 8414 §3)`,
        async () => {
          const config = await discover(authentication(client_secret), algorithm);
          const parameters = { scope: 'read', resource: otherResource };
          const tokens = await client.clientCredentialsGrant(config, parameters);
          const { access_token, ...rest } = tokens;
          assert.deepEqual(rest, { token_type: 'bearer', expires_in: 3600, scope: 'read' });
          const { aud, scope } = decodeJwt(access_token);
          assert.deepEqual({ aud, scope }, { aud: otherResource, scope: 'read' });
        },
      );
    }
  }

  await t.test('gets one token for several resources (RFC 8707 §2)', async () => {
    const parameters = new URLSearchParams({ resource });
    parameters.append('resource', alikeResource);
    const { access_token, ...rest } = await client.clientCredentialsGrant(await discover(), parameters);
    assert.deepEqual(rest, { token_type: 'bearer', expires_in: 3600, scope: 'read' });
    assert.deepEqual(decodeJwt(access_token).aud, [resource, alikeResource]);
  });

  for (const [what, parameters, error] of REFUSALS) {
    await t.test(`reports the refusal of ${what}`, async () => {
      const config = await discover();
      const refusal = { name: 'ResponseBodyError', status: 400, error };
      await assert.rejects(client.clientCredentialsGrant(config, parameters), refusal);
    });
  }

  await t.test('reports the challenge that answers a wrong secret (RFC 6749 §5.2)', async () => {
    const config = await discover(client.ClientSecretBasic('wrong'));
    await assert.rejects(client.clientCredentialsGrant(config), {
      name: 'WWWAuthenticateChallengeError',
      status: 401,
      cause: [{ scheme: 'basic', parameters: { realm: 'signet', charset: 'UTF-8' } }],
    });
  });

  await t.test(
    'introspects a token, and after revoking it finds it inactive (RFC 7662, RFC 7009)',
    async () => {
      const config = await discover();
      const { access_token } = await client.clientCredentialsGrant(config, { resource });
      const active = { active: true, token_type: 'Bearer', ...decodeJwt(access_token) };
      assert.deepEqual(await client.tokenIntrospection(config, access_token), active);
      await client.tokenRevocation(config, access_token);
      assert.deepEqual(await client.tokenIntrospection(config, access_token), { active: false });
    },
  );
});
