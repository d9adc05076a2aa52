import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { signetJson } from '../support/signet.ts';

const RESOURCE = 'https://mac.example.com';

test('client_secret_jwt', async (t) => {
  const { issuer, folder, stop } = await startEmbeddedIssuer({ args: ['--client-secret-jwt'] });
  t.after(stop);
  const store = ['--data', folder];
  await signetJson([
    'resources',
    'create',
    RESOURCE,
    '--scopes',
    'read',
    '--introspected-by',
    'till',
    ...store,
  ]);
  const access = ['--resource', `${RESOURCE} read`, '--auth-method', 'client_secret_jwt'];
  const created = await signetJson(['clients', 'create', 'till', ...access, ...store]);
  const secret = String(Object(created).client_secret);

  await t.test('openid-client gets, introspects and revokes a token (RFC 7523 §2.2)', async () => {
    const authentication = client.ClientSecretJwt(secret);
    const config = await client.discovery(new URL(issuer), 'till', undefined, authentication, {
      algorithm: 'oauth2',
      execute: [client.allowInsecureRequests],
    });
    const { access_token, ...rest } = await client.clientCredentialsGrant(config);
    assert.deepEqual(rest, { token_type: 'bearer', expires_in: 3600, scope: 'read' });
    const active = { active: true, token_type: 'Bearer', ...decodeJwt(access_token) };
    assert.deepEqual(await client.tokenIntrospection(config, access_token), active);
    await client.tokenRevocation(config, access_token);
    assert.deepEqual(await client.tokenIntrospection(config, access_token), { active: false });
  });

  await t.test('oauth4webapi gets a token (RFC 7523 §2.2)', async () => {
    const insecure = { [oauth.allowInsecureRequests]: true };
    const identifier = new URL(issuer);
    const found = await oauth.discoveryRequest(identifier, { ...insecure, algorithm: 'oauth2' });
    const as = await oauth.processDiscoveryResponse(identifier, found);
    assert.ok(as.token_endpoint_auth_methods_supported?.includes('client_secret_jwt'));
    const self = { client_id: 'till' };
    const by = oauth.ClientSecretJwt(secret);
    const answer = await oauth.clientCredentialsGrantRequest(as, self, by, {}, insecure);
    const { access_token } = await oauth.processClientCredentialsResponse(as, self, answer);
    assert.equal(decodeJwt(access_token).sub, 'till');
  });
});
