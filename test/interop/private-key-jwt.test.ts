import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeJwt, exportJWK, generateKeyPair } from 'jose';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { signetJson } from '../support/signet.ts';

const RESOURCE = 'https://keyed.example.com';
const ALGS = ['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'Ed25519'];

test('private_key_jwt', async (t) => {
  const { issuer, folder, stop } = await startEmbeddedIssuer();
  t.after(stop);
  const store = ['--data', folder];
  await signetJson([
    ...['resources', 'create', RESOURCE, '--scopes', 'read', ...store],
    ...['--introspected-by', ALGS.join(' ')],
  ]);

  for (const alg of ALGS) {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    const jwk = { ...(await exportJWK(publicKey)), kid: `key of ${alg}`, alg };
    const method = ['--auth-method', 'private_key_jwt', '--jwks', '-'];
    const access = ['--resource', `${RESOURCE} read`];
    await signetJson(['clients', 'create', alg, ...method, ...access, ...store], {}, JSON.stringify(jwk));
    const key = { key: privateKey, kid: jwk.kid };

    await t.test(
      `openid-client gets, introspects and revokes a token with ${alg} (RFC 7523 §2.2)`,
      async () => {
        const config = await client.discovery(new URL(issuer), alg, undefined, client.PrivateKeyJwt(key), {
          algorithm: 'oauth2',
          execute: [client.allowInsecureRequests],
        });
        const { access_token, ...rest } = await client.clientCredentialsGrant(config);
        assert.deepEqual(rest, { token_type: 'bearer', expires_in: 3600, scope: 'read' });
        const active = { active: true, token_type: 'Bearer', ...decodeJwt(access_token) };
        assert.deepEqual(await client.tokenIntrospection(config, access_token), active);
        await client.tokenRevocation(config, access_token);
        assert.deepEqual(await client.tokenIntrospection(config, access_token), { active: false });
      },
    );

    await t.test(`oauth4webapi gets a token with ${alg} (RFC 7523 §2.2)`, async () => {
      const insecure = { [oauth.allowInsecureRequests]: true };
      const identifier = new URL(issuer);
      const found = await oauth.discoveryRequest(identifier, { ...insecure, algorithm: 'oauth2' });
      const as = await oauth.processDiscoveryResponse(identifier, found);
      assert.ok(as.token_endpoint_auth_signing_alg_values_supported?.includes(alg));
      const authentication = oauth.PrivateKeyJwt(key);
      const self = { client_id: alg };
      const answer = await oauth.clientCredentialsGrantRequest(as, self, authentication, {}, insecure);
      const { access_token } = await oauth.processClientCredentialsResponse(as, self, answer);
      assert.equal(decodeJwt(access_token).sub, alg);
    });
  }
});
