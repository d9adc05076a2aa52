import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import * as v from 'valibot';
import { requestAccessToken } from '../support/connect-issuer.ts';
import { startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { signetJson } from '../support/signet.ts';

const BILLING = 'https://billing.example.com';
const ORDERS = 'https://orders.example.com';
const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const JWT = 'urn:ietf:params:oauth:token-type:jwt';

const CreatedSchema = v.object({ client_id: v.string(), client_secret: v.string() });

/** `shop` calls the API `billing`, which calls `orders` for it. */
test('token exchange', async (t) => {
  const { issuer, folder, stop } = await startEmbeddedIssuer();
  t.after(stop);
  const signet = (...args: readonly string[]) => signetJson([...args, '--data', folder]);
  for (const resource of [BILLING, ORDERS]) {
    await signet('resources', 'create', resource, '--scopes', 'read', '--introspected-by', 'billing');
  }
  const exchange = ['--exchange-from', BILLING, '--exchange-to', `${ORDERS} read`];
  const shop = v.parse(
    CreatedSchema,
    await signet('clients', 'create', 'shop', '--resource', `${BILLING} read`),
  );
  const billing = v.parse(CreatedSchema, await signet('clients', 'create', 'billing', ...exchange));
  const { client_id, client_secret } = billing;

  const subject_token = await requestAccessToken({ issuer, ...shop });
  const parameters = { subject_token, subject_token_type: ACCESS_TOKEN, resource: ORDERS };
  const assertExchanged = (access_token: string) => {
    const { sub, aud, act, exp } = decodeJwt(access_token);
    const { exp: end } = decodeJwt(subject_token);
    assert.deepEqual({ sub, aud, act, exp }, { sub: 'shop', aud: ORDERS, act: { sub: 'billing' }, exp: end });
  };

  const discover = () =>
    client.discovery(new URL(issuer), client_id, undefined, client.ClientSecretBasic(client_secret), {
      algorithm: 'oauth2',
      execute: [client.allowInsecureRequests],
    });

  await t.test(
    'openid-client exchanges a token by genericGrantRequest, and introspects what it got (RFC 8693 §2)',
    async () => {
      const config = await discover();
      assert.ok(config.serverMetadata().grant_types_supported?.includes(GRANT));
      const { access_token, expires_in, ...rest } = await client.genericGrantRequest(
        config,
        GRANT,
        parameters,
      );
      assert.deepEqual(rest, { issued_token_type: ACCESS_TOKEN, token_type: 'bearer', scope: 'read' });
      assertExchanged(access_token);
      const active = { active: true, token_type: 'Bearer', ...decodeJwt(access_token) };
      assert.deepEqual(await client.tokenIntrospection(config, access_token), active);
      assert.equal(expires_in, Number(active.exp) - Number(active.iat));
    },
  );

  await t.test(
    'openid-client reports a token that is not for the client to exchange (RFC 8693 §2.2.2)',
    async () => {
      const config = await discover();
      const { access_token } = await client.genericGrantRequest(config, GRANT, parameters);
      const again = client.genericGrantRequest(config, GRANT, { ...parameters, subject_token: access_token });
      await assert.rejects(again, { name: 'ResponseBodyError', status: 400, error: 'invalid_request' });
    },
  );

  await t.test('oauth4webapi exchanges a token by genericTokenEndpointRequest (RFC 8693 §2)', async () => {
    const insecure = { [oauth.allowInsecureRequests]: true };
    const identifier = new URL(issuer);
    const found = await oauth.discoveryRequest(identifier, { ...insecure, algorithm: 'oauth2' });
    const as = await oauth.processDiscoveryResponse(identifier, found);
    const authentication = oauth.ClientSecretPost(client_secret);
    const form = { ...parameters, requested_token_type: JWT };
    const self = { client_id };
    const answer = await oauth.genericTokenEndpointRequest(as, self, authentication, GRANT, form, insecure);
    const response = await oauth.processGenericTokenEndpointResponse(as, self, answer);
    assert.deepEqual([response['issued_token_type'], response.token_type], [JWT, 'bearer']);
    assertExchanged(response.access_token);
  });
});
