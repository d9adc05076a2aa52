import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeJwt, exportJWK, generateKeyPair } from 'jose';
import * as client from 'openid-client';
import { startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { signetJson } from '../support/signet.ts';

const RESOURCE = 'https://registered.example.com';

test('openid-client registers itself', async (t) => {
  const { issuer, folder, stop } = await startEmbeddedIssuer({ args: ['--registration'] });
  t.after(stop);
  const store = ['--data', folder];
  await signetJson(['resources', 'create', RESOURCE, '--scopes', 'read', ...store]);
  const created = await signetJson([
    ...['initial-access-tokens', 'create', '--resource', `${RESOURCE} read`, '--uses', '2'],
    ...['--auth-methods', 'client_secret_post private_key_jwt', ...store],
  ]);
  const options: client.DynamicClientRegistrationRequestOptions = {
    initialAccessToken: String(Object(created).initial_access_token),
    algorithm: 'oauth2',
    execute: [client.allowInsecureRequests],
  };
  const requestToken = async (config: client.Configuration) => {
    const { access_token, ...rest } = await client.clientCredentialsGrant(config);
    assert.deepEqual(rest, { token_type: 'bearer', expires_in: 3600, scope: 'read' });
    assert.equal(decodeJwt(access_token).sub, config.clientMetadata().client_id);
  };

  await t.test('as a client with a secret, and gets a token (RFC 7591 §3)', async () => {
    const document = { client_name: 'Shop', token_endpoint_auth_method: 'client_secret_post' };
    const config = await client.dynamicClientRegistration(new URL(issuer), document, undefined, options);
    assert.equal(config.clientMetadata()['client_name'], 'Shop');
    await requestToken(config);
  });

  await t.test('as a client with a key, and gets a token (RFC 7591 §3, RFC 7523 §2.2)', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'key', alg: 'ES256' };
    const document = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } };
    const authentication = client.PrivateKeyJwt({ key: privateKey, kid: 'key' });
    await requestToken(
      await client.dynamicClientRegistration(new URL(issuer), document, authentication, options),
    );
  });

  await t.test('and is told that the token is used up (RFC 6750 §3.1)', async () => {
    await assert.rejects(client.dynamicClientRegistration(new URL(issuer), {}, undefined, options), {
      name: 'WWWAuthenticateChallengeError',
      status: 401,
      cause: [{ scheme: 'bearer', parameters: { realm: 'signet', error: 'invalid_token' } }],
    });
  });
});
