import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type TestContext } from 'node:test';
import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import { startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { signetJson } from '../support/signet.ts';

const INSECURE = { [oauth.allowInsecureRequests]: true };
const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** An API that knows its issuer, and takes its own metadata from it, as a gateway before an API does. */
async function startApi(t: TestContext, issuer: string): Promise<string> {
  const server = createServer(async ({ url }, response) => {
    const resource = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    if (url === WELL_KNOWN) {
      const query = new URLSearchParams({ resource });
      const metadata = await fetch(`${issuer}/resource-metadata?${query}`);
      response.writeHead(metadata.status, Object.fromEntries(metadata.headers)).end(await metadata.text());
    } else {
      const challenge = `Bearer resource_metadata="${resource}${WELL_KNOWN}"`;
      response.writeHead(401, { 'WWW-Authenticate': challenge }).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('oauth4webapi', async (t) => {
  const { issuer, folder, stop } = await startEmbeddedIssuer();
  t.after(stop);
  const api = await startApi(t, issuer);
  const store = ['--data', folder];
  await signetJson(['resources', 'create', api, '--scopes', 'read', '--publish-metadata', ...store]);
  const created = await signetJson(['clients', 'create', 'reporter', '--resource', `${api} read`, ...store]);
  const { client_secret } = created as { readonly client_secret: string };

  await t.test(
    'finds the issuer from the API, and gets a token for it (RFC 9728 §3, RFC 8414 §3)',
    async () => {
      const url = new URL(api);
      const discovered = await oauth.resourceDiscoveryRequest(url, INSECURE);
      const metadata = await oauth.processResourceDiscoveryResponse(url, discovered);
      assert.deepEqual(metadata.scopes_supported, ['read']);
      const [identifier = ''] = metadata.authorization_servers ?? [];
      const found = await oauth.discoveryRequest(new URL(identifier), { ...INSECURE, algorithm: 'oauth2' });
      const as = await oauth.processDiscoveryResponse(new URL(identifier), found);
      const client = { client_id: 'reporter' };
      const response = await oauth.clientCredentialsGrantRequest(
        as,
        client,
        oauth.ClientSecretBasic(client_secret),
        { resource: metadata.resource },
        INSECURE,
      );
      const { access_token } = await oauth.processClientCredentialsResponse(as, client, response);
      assert.equal(decodeJwt(access_token).aud, api);
    },
  );

  await t.test('is led to the metadata by the challenge of the API (RFC 9728 §5.1)', async () => {
    const refused = oauth.protectedResourceRequest(
      'any',
      'GET',
      new URL(`${api}/`),
      undefined,
      null,
      INSECURE,
    );
    await assert.rejects(refused, (error: unknown) => {
      assert.ok(error instanceof oauth.WWWAuthenticateChallengeError);
      const [challenge] = error.cause;
      assert.deepEqual(challenge?.parameters, { resource_metadata: `${api}${WELL_KNOWN}` });
      return true;
    });
  });
});
