import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { signetJson } from '../support/signet.ts';

const INSECURE = { [oauth.allowInsecureRequests]: true };
const RESOURCE = 'https://orders.example.com';
const ALGS = ['RS256', 'ES256'] as const;

test('signed introspection', async (t) => {
  const args = ['--signed-introspection', '--algs', ALGS.join(',')];
  const { issuer, folder, stop } = await startEmbeddedIssuer({ args });
  t.after(stop);
  const url = new URL(issuer);
  const store = ['--data', folder];
  await signetJson(['resources', 'create', RESOURCE, '--introspected-by', ALGS.join(' '), ...store]);

  for (const alg of ALGS) {
    const options = ['--resource', RESOURCE, '--introspection-signed-response-alg', alg];
    const created = await signetJson(['clients', 'create', alg, ...options, ...store]);
    const { client_secret } = created as { readonly client_secret: string };

    await t.test(
      `oauth4webapi has a response that is signed with ${alg}, and verifies it (RFC 9701 §5)`,
      async () => {
        const found = await oauth.discoveryRequest(url, { ...INSECURE, algorithm: 'oauth2' });
        const as = await oauth.processDiscoveryResponse(url, found);
        const client = { client_id: alg, introspection_signed_response_alg: alg };
        const authentication = oauth.ClientSecretBasic(client_secret);
        const granted = await oauth.clientCredentialsGrantRequest(as, client, authentication, {}, INSECURE);
        const { access_token } = await oauth.processClientCredentialsResponse(as, client, granted);

        const response = await oauth.introspectionRequest(as, client, authentication, access_token, INSECURE);
        assert.equal(response.headers.get('content-type'), 'application/token-introspection+jwt');
        const said = await oauth.processIntrospectionResponse(as, client, response);
        assert.deepEqual(said, { active: true, token_type: 'Bearer', ...decodeJwt(access_token) });
        await oauth.validateApplicationLevelSignature(as, response, INSECURE);

        const other = { ...client, client_id: 'another' };
        const again = await oauth.introspectionRequest(as, client, authentication, access_token, INSECURE);
        await assert.rejects(oauth.processIntrospectionResponse(as, other, again), {
          code: oauth.JWT_CLAIM_COMPARISON,
        });
      },
    );

    await t.test(`openid-client has a response that is signed with ${alg} (RFC 9701 §5)`, async () => {
      const config = await openid.discovery(
        url,
        alg,
        { client_secret, introspection_signed_response_alg: alg },
        openid.ClientSecretBasic(client_secret),
        { algorithm: 'oauth2', execute: [openid.allowInsecureRequests] },
      );
      const { access_token } = await openid.clientCredentialsGrant(config);
      const active = { active: true, token_type: 'Bearer', ...decodeJwt(access_token) };
      assert.deepEqual(await openid.tokenIntrospection(config, access_token), active);
      assert.deepEqual(await openid.tokenIntrospection(config, 'garbage'), { active: false });
    });
  }
});
