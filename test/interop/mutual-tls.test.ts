import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, Agent as HttpsAgent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import test, { type TestContext } from 'node:test';
import { TLSSocket } from 'node:tls';
import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import type { TestCertificate } from '../support/certificates.ts';
import { SUBJECT_DN, thumbprintOf } from '../support/client-certificates.ts';
import { startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { signetJson } from '../support/signet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { clientTls, type TlsFiles, writeTlsFiles } from '../support/tls-issuer.ts';

const RESOURCE = 'https://mtls.example.com';
const pathOf = temporaryFolder();

/** What both libraries take in the place of `fetch`, which shows no certificates: the same by node:https. */
const fetchWith =
  ({ certificates }: TlsFiles, certificate?: TestCertificate) =>
  async (url: string, { method, headers, body }: oauth.CustomFetchOptions<string, unknown>) => {
    const agent = new HttpsAgent(clientTls(certificates, certificate));
    const sent = request(url, { agent, method, headers }).end(body ? String(body) : undefined);
    const [response] = await once(sent, 'response');
    const answer = await text(response);
    agent.destroy();
    const type = { 'Content-Type': response.headers['content-type'] ?? '' };
    return new Response(answer, { status: response.statusCode, headers: type });
  };

test('mutual TLS', async (t) => {
  const files = await writeTlsFiles(pathOf());
  const { certificates } = files;
  const { issuer, folder, stop } = await startEmbeddedIssuer({ args: files.mutualArgs });
  t.after(stop);
  const signet = (...args: readonly string[]) => signetJson([...args, '--data', folder]);
  const access = ['--resource', `${RESOURCE} read`];
  await signet('resources', 'create', RESOURCE, '--scopes', 'read', '--introspected-by', 'pki own');
  await signet(
    ...['clients', 'create', 'pki', '--auth-method', 'tls_client_auth', '--subject-dn', SUBJECT_DN],
    ...access,
  );
  await signet(
    ...['clients', 'create', 'own', '--auth-method', 'self_signed_tls_client_auth'],
    ...['--certificate', files.selfSigned, ...access],
  );

  for (const [client_id, method, certificate, another] of [
    ['pki', 'tls_client_auth', certificates.good, certificates.otherSubject],
    ['own', 'self_signed_tls_client_auth', certificates.selfSigned, certificates.otherSelfSigned],
  ] as const) {
    const cnf = { 'x5t#S256': thumbprintOf(certificate) };

    await t.test(
      `openid-client gets, introspects and revokes a token by ${method} (RFC 8705 §2)`,
      async () => {
        const discover = (shown: TestCertificate) =>
          client.discovery(
            new URL(issuer),
            client_id,
            { use_mtls_endpoint_aliases: true },
            client.TlsClientAuth(),
            { algorithm: 'oauth2', [client.customFetch]: fetchWith(files, shown) },
          );
        const config = await discover(certificate);
        const { access_token, ...rest } = await client.clientCredentialsGrant(config);
        assert.deepEqual(rest, { token_type: 'bearer', expires_in: 3600, scope: 'read' });
        assert.deepEqual(decodeJwt(access_token)['cnf'], cnf);
        const active = { active: true, token_type: 'Bearer', ...decodeJwt(access_token) };
        assert.deepEqual(await client.tokenIntrospection(config, access_token), active);
        await client.tokenRevocation(config, access_token);
        assert.deepEqual(await client.tokenIntrospection(config, access_token), { active: false });
        await assert.rejects(client.clientCredentialsGrant(await discover(another)), { status: 401 });
      },
    );

    await t.test(
      `oauth4webapi gets a token by ${method}, and a resource server takes it with its certificate alone (RFC 8705 §3)`,
      async (t) => {
        const options = { [oauth.customFetch]: fetchWith(files, certificate) };
        const identifier = new URL(issuer);
        const found = await oauth.discoveryRequest(identifier, { ...options, algorithm: 'oauth2' });
        const as = await oauth.processDiscoveryResponse(identifier, found);
        assert.ok(as.token_endpoint_auth_methods_supported?.includes(method));
        const self = { client_id, use_mtls_endpoint_aliases: true };
        const answer = await oauth.clientCredentialsGrantRequest(
          as,
          self,
          oauth.TlsClientAuth(),
          {},
          options,
        );
        const { access_token } = await oauth.processClientCredentialsResponse(as, self, answer);

        const api = await startResourceServer(t, files, async (token) => {
          const asked = await oauth.introspectionRequest(as, self, oauth.TlsClientAuth(), token, options);
          return oauth.processIntrospectionResponse(as, self, asked);
        });
        const use = (shown?: TestCertificate) =>
          oauth.protectedResourceRequest(access_token, 'GET', api, undefined, undefined, {
            [oauth.customFetch]: fetchWith(files, shown),
          });
        assert.equal((await use(certificate)).status, 200);
        for (const shown of [another, undefined]) assert.equal((await use(shown)).status, 401);
      },
    );
  }
});

/** An API that takes a token over the certificate that it is bound to, as RFC 8705 §3 asks of it. */
async function startResourceServer(
  t: TestContext,
  { server }: TlsFiles,
  introspect: (token: string) => Promise<oauth.IntrospectionResponse>,
): Promise<URL> {
  const { cert, key } = server;
  const tls = { cert, key, requestCert: true, rejectUnauthorized: false };
  const api = createServer(tls, async (request, response) => {
    const { active, cnf } = await introspect(String(request.headers.authorization).replace(/^Bearer /, ''));
    const shown = request.socket instanceof TLSSocket && request.socket.getPeerX509Certificate();
    const thumbprint = shown && createHash('sha256').update(shown.raw).digest('base64url');
    const isBound = active && cnf?.['x5t#S256'] === thumbprint;
    response.statusCode = isBound ? 200 : 401;
    response.end();
  });
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  t.after(() => {
    api.close();
    api.closeAllConnections();
  });
  return new URL(`https://127.0.0.1:${(api.address() as AddressInfo).port}`);
}
