import assert from 'node:assert/strict';
import { randomUUID, X509Certificate } from 'node:crypto';
import test, { type TestContext } from 'node:test';
import {
  ConfidentialClientApplication,
  type INetworkModule,
  type NetworkRequestOptions,
  type NodeAuthOptions,
  ProtocolMode,
} from '@azure/msal-node';
import { decodeJwt, SignJWT } from 'jose';
import { commonName, makeCertificate } from '../support/certificates.ts';
import { startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { signetJson } from '../support/signet.ts';

/** MSAL takes authorities by https only, so the issuer is one: a proxy with TLS would stand before it. */
const ISSUER = 'https://auth.example.com';
const RESOURCE = 'https://msal.example.com';

const now = Math.floor(Date.now() / 1000);
const validity = { notBefore: now - 60, notAfter: now + 3_600 };
const issuer = makeCertificate({ subject: commonName('CA'), isCa: true, ...validity });
const certificate = makeCertificate({ subject: commonName('reporter'), issuer, rsa: true, ...validity });
const { fingerprint256 } = new X509Certificate(certificate.cert);
const thumbprintSha256 = fingerprint256.replaceAll(':', '');

test('@azure/msal-node with a certificate gets a token, by PS256 and x5t#S256, when the token endpoint may be the audience (RFC 7515 §4.1.8)', async (t) => {
  const { application } = await connect(t, ['--token-endpoint-audience']);
  const clientCertificate = { thumbprintSha256, privateKey: certificate.key, x5c: certificate.cert };
  const reporter = application({ clientCertificate });
  const result = await reporter.acquireTokenByClientCredential({ scopes: ['read'] });
  assert.equal(result?.tokenType, 'Bearer');
  const { iss, sub, aud, scope } = decodeJwt(result.accessToken);
  assert.deepEqual({ iss, sub, aud, scope }, { iss: ISSUER, sub: 'reporter', aud: RESOURCE, scope: 'read' });

  const again = await reporter.acquireTokenByClientCredential({ scopes: ['read'] });
  assert.deepEqual([again?.fromCache, again?.accessToken], [true, result.accessToken]);

  // MSAL presents one assertion for ten minutes, and an assertion is good once: other scopes have to wait, or to be asked at once.
  const others = reporter.acquireTokenByClientCredential({ scopes: ['write'] });
  await assert.rejects(others, { errorCode: 'invalid_client' });
});

test('@azure/msal-node with a certificate is refused by default: its assertions are for the token endpoint (CVE-2025-27370)', async (t) => {
  const { application } = await connect(t, []);
  const clientCertificate = { thumbprintSha256, privateKey: certificate.key };
  const refused = application({ clientCertificate }).acquireTokenByClientCredential({ scopes: ['read'] });
  await assert.rejects(refused, { errorCode: 'invalid_client' });
});

test('@azure/msal-node with an assertion that is made for the issuer gets tokens one after the other', async (t) => {
  const { application } = await connect(t, []);
  const clientAssertion = () =>
    new SignJWT({ iss: 'reporter', sub: 'reporter', aud: ISSUER, jti: randomUUID() })
      .setProtectedHeader({
        alg: 'PS256',
        'x5t#S256': Buffer.from(thumbprintSha256, 'hex').toString('base64url'),
      })
      .setExpirationTime('1m')
      .sign(certificate.privateKey);
  const reporter = application({ clientAssertion });
  for (const scopes of [['read'], ['write'], ['read', 'write']]) {
    const result = await reporter.acquireTokenByClientCredential({ scopes });
    assert.equal(decodeJwt(result?.accessToken ?? '')['scope'], scopes.join(' '));
  }
});

/** An issuer with a client that has the certificate, and MSAL applications that are that client. */
async function connect(t: TestContext, args: readonly string[]) {
  const { url, folder, stop } = await startEmbeddedIssuer({ args: ['--issuer', ISSUER, ...args] });
  t.after(stop);
  const store = ['--data', folder];
  await signetJson(['resources', 'create', RESOURCE, '--scopes', 'read write', ...store]);
  const method = ['--auth-method', 'private_key_jwt', '--certificate', '-'];
  const access = ['--resource', `${RESOURCE} read write`];
  await signetJson(['clients', 'create', 'reporter', ...method, ...access, ...store], {}, certificate.cert);
  // MSAL takes no metadata without an authorization endpoint, which this issuer has not: it has to be told what the metadata says.
  const discovered = await fetch(`${url}/.well-known/openid-configuration`);
  const metadata = { authorization_endpoint: ISSUER, ...Object(await discovered.json()) };
  const authorityMetadata = JSON.stringify(metadata);
  const application = (proof: Omit<NodeAuthOptions, 'clientId'>) =>
    new ConfidentialClientApplication({
      auth: {
        clientId: 'reporter',
        authority: ISSUER,
        knownAuthorities: ['auth.example.com'],
        authorityMetadata,
        ...proof,
      },
      system: { protocolMode: ProtocolMode.OIDC, networkClient: networkTo(url) },
    });
  return { application };
}

/** What applications give MSAL where they have a network of their own: here it leads to where the issuer listens. */
function networkTo(url: string): INetworkModule {
  const send = async (method: string, target: string, { headers = {}, body }: NetworkRequestOptions = {}) => {
    const init = { method, headers, ...(body === undefined ? {} : { body }) };
    const response = await fetch(target.replace(ISSUER, url), init);
    const received = Object.fromEntries(response.headers);
    return { headers: received, body: JSON.parse(await response.text()), status: response.status };
  };
  return {
    sendGetRequestAsync: (target, options) => send('GET', target, options),
    sendPostRequestAsync: (target, options) => send('POST', target, options),
  };
}
