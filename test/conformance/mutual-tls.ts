import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import type { TestCertificate } from '../support/certificates.ts';
import { type ClientCertificates, SUBJECT_DN, thumbprintOf } from '../support/client-certificates.ts';
import { assertError, assertInactive, assertNotAuthenticated, assertToken } from './answers.ts';
import { basic } from './suite.ts';
import type { Answer } from './wire.ts';

/** An issuer that asks clients for certificates. */
export interface MutualTlsTarget {
  readonly issuer: string;
  /** What its endpoints are behind where it asks for certificates. */
  readonly mutualTlsUrl: string;
  /** The certificates of its clients: it trusts their CA. */
  readonly certificates: ClientCertificates;
  /** Files of those that are self-signed. */
  readonly selfSigned: string;
  readonly otherSelfSigned: string;
  signet(args: readonly string[]): Promise<unknown>;
  get(path: string): Promise<Answer>;
  /** Posts a form over a connection with this certificate. */
  post(
    path: string,
    form: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>>,
    certificate: TestCertificate | undefined,
  ): Promise<Answer>;
}

const GRANT = { grant_type: 'client_credentials' };

const NAMES = [
  ['--subject-dn', SUBJECT_DN],
  ['--san-dns', 'orders.example.com'],
  ['--san-uri', 'spiffe://example.com/orders'],
  ['--san-ip', '192.0.2.1'],
  ['--san-email', 'orders@example.com'],
] as const;

/** Headers in which proxies hand on a certificate that they verified, or that callers just write. */
const HEADERS = [
  ...['X-Amzn-Mtls-Clientcert', 'X-Amzn-Mtls-Clientcert-Leaf', 'X-Amzn-Mtls-Clientcert-Subject'],
  ...['X-Forwarded-Client-Cert', 'X-SSL-Client-Cert', 'X-Client-Cert', 'Client-Cert', 'Client-Cert-Chain'],
];

/** Certificates that are not the client's, by the client that shows them. */
const REFUSED: readonly (readonly [
  what: string,
  client: 'pki' | 'own',
  choose: (certificates: ClientCertificates) => TestCertificate | undefined,
])[] = [
  ['no certificate', 'pki', () => undefined],
  ['a certificate that has expired', 'pki', ({ expired }) => expired],
  ['a certificate that is not good yet', 'pki', ({ notYetValid }) => notYetValid],
  ['a certificate of another subject', 'pki', ({ otherSubject }) => otherSubject],
  ['a self-signed certificate of the same subject', 'pki', ({ sameSubject }) => sameSubject],
  ['another self-signed certificate', 'own', ({ sameSubject }) => sameSubject],
  ['a certificate of the CA that is not registered', 'own', ({ good }) => good],
];

/**
 * Mutual TLS (RFC 8705).
 *
 * @param verifies whether the target is shown certificates of CAs that it does not trust: API Gateway shows it none
 */
export function describeMutualTls(target: () => MutualTlsTarget, verifies: boolean): void {
  const unique = randomUUID();
  const resource = `https://mtls-${unique}.example.com`;
  const pki = `pki-${unique}`;
  const own = `own-${unique}`;
  const bound = `bound-${unique}`;
  let secret: string;

  const good = () => target().certificates.good;
  const post = (form: object, certificate?: TestCertificate, headers = {}) =>
    target().post('/token', { ...GRANT, ...form }, headers, certificate);
  const create = (client_id: string, ...options: readonly string[]) =>
    target().signet(['clients', 'create', client_id, '--resource', `${resource} read`, ...options]);
  const cnfOf = (token: string) => decodeJwt(token)['cnf'];

  describe('mutual TLS', () => {
    before(async () => {
      const { signet, selfSigned, otherSelfSigned } = target();
      await signet(['resources', 'create', resource, '--scopes', 'read', '--introspected-by', bound]);
      const method = ['--auth-method', 'self_signed_tls_client_auth'];
      await create(pki, '--auth-method', 'tls_client_auth', '--subject-dn', SUBJECT_DN);
      await create(own, ...method, '--certificate', selfSigned, '--certificate', otherSelfSigned);
      const { client_secret } = Object(await create(bound, '--certificate-bound', 'yes'));
      secret = client_secret;
    });

    for (const [option, name] of NAMES) {
      it(`authenticates a client by the certificate of a CA and ${option} (RFC 8705 §2.1.2)`, async () => {
        const client_id = `by-${option}-${unique}`;
        await create(client_id, '--auth-method', 'tls_client_auth', option, name);
        assertToken(await post({ client_id }, good()), { scope: 'read' });
        assertNotAuthenticated(await post({ client_id }, target().certificates.otherSubject));
      });
    }

    it('authenticates a client by each self-signed certificate that it registered (RFC 8705 §2.2)', async () => {
      const { selfSigned, otherSelfSigned } = target().certificates;
      for (const certificate of [selfSigned, otherSelfSigned]) {
        assertToken(await post({ client_id: own }, certificate), { scope: 'read' });
      }
    });

    it('authenticates by certificate at introspection and revocation as well (RFC 8705 §2)', async () => {
      const form = { client_id: pki, token: 'a-token-that-nobody-issued' };
      assertInactive(await target().post('/introspect', form, {}, good()));
      assert.equal((await target().post('/revoke', form, {}, good())).status, 200);
      assertNotAuthenticated(await target().post('/introspect', form, {}, undefined));
    });

    it('needs a client_id beside a certificate (RFC 8705 §2)', async () => {
      assertNotAuthenticated(await post({}, good()));
    });

    for (const [what, client, choose] of verifies ? [...REFUSED, FOREIGN] : REFUSED) {
      it(`refuses ${what} as an unknown client, byte for byte (RFC 8705 §2, RFC 6749 §5.2)`, async () => {
        const certificate = choose(target().certificates);
        const refused = await post({ client_id: client === 'pki' ? pki : own }, certificate);
        assertNotAuthenticated(refused);
        assert.deepEqual(await post({ client_id: 'nobody' }, certificate), refused);
      });
    }

    it('takes no certificate from a header, whatever it is called and however it is written (RFC 8705 §6.5)', async () => {
      const { cert } = good();
      const spellings = [
        cert.replaceAll('\n', ' '),
        encodeURIComponent(cert),
        cert.split('\n').slice(1, -2).join(''),
        `:${cert.split('\n').slice(1, -2).join('')}:`,
        SUBJECT_DN,
      ];
      for (const value of spellings) {
        const headers = Object.fromEntries(HEADERS.map((name) => [name, value]));
        for (const certificate of [undefined, target().certificates.otherSubject]) {
          assertNotAuthenticated(await post({ client_id: pki }, certificate, headers));
        }
      }
    });

    it('refuses a secret in the place of the certificate, and a certificate in that of the secret (RFC 7591 §2)', async () => {
      assertNotAuthenticated(await post({ client_id: pki, client_secret: secret }, good()));
      assertNotAuthenticated(await post({ client_id: bound }, good()));
      assertNotAuthenticated(await post({ client_id: bound, client_secret: 'wrong' }, good()));
    });

    it('binds the token to the certificate that authenticated its client (RFC 8705 §3.1)', async () => {
      const { selfSigned } = target().certificates;
      for (const [client_id, certificate] of [
        [pki, good()],
        [own, selfSigned],
      ] as const) {
        const token = assertToken(await post({ client_id }, certificate), { scope: 'read' });
        assert.deepEqual(cnfOf(token), { 'x5t#S256': thumbprintOf(certificate) });
      }
    });

    it('tells in introspection what a token is bound to (RFC 8705 §3.2)', async () => {
      const token = assertToken(await post({ client_id: pki }, good()), { scope: 'read' });
      const headers = { Authorization: basic({ client_id: bound, client_secret: secret }) };
      const { text } = await target().post('/introspect', { token }, headers, undefined);
      const { active, cnf } = JSON.parse(text);
      assert.deepEqual([active, cnf], [true, { 'x5t#S256': thumbprintOf(good()) }]);
    });

    it('binds the tokens of a client that asks for it, whatever it authenticates by, and to any certificate (RFC 8705 §3.4)', async () => {
      const { foreign, selfSigned } = target().certificates;
      for (const certificate of verifies ? [good(), selfSigned, foreign] : [good(), selfSigned]) {
        const answer = await post({ client_id: bound, client_secret: secret }, certificate);
        const token = assertToken(answer, { scope: 'read' });
        assert.deepEqual(cnfOf(token), { 'x5t#S256': thumbprintOf(certificate) });
      }
    });

    it('refuses such a client without a certificate as invalid_request (RFC 8705 §3.4)', async () => {
      assertError(
        await post({ client_id: bound, client_secret: secret }),
        'invalid_request',
        'tokens of the client are bound to its certificate: request them by mutual TLS (RFC 8705 section 3)',
      );
    });

    it('lists the methods, the binding and the endpoints for certificates in its metadata (RFC 8705 §2.1.1, §2.2.1, §3.3, §5)', async () => {
      const { get, issuer, mutualTlsUrl } = target();
      const metadata = JSON.parse((await get('/.well-known/oauth-authorization-server')).text);
      for (const endpoint of ['token', 'introspection', 'revocation']) {
        const methods = metadata[`${endpoint}_endpoint_auth_methods_supported`];
        assert.deepEqual(methods.slice(-2), ['tls_client_auth', 'self_signed_tls_client_auth']);
      }
      assert.equal(metadata.token_endpoint, `${issuer}/token`);
      assert.equal(metadata.tls_client_certificate_bound_access_tokens, true);
      assert.deepEqual(metadata.mtls_endpoint_aliases, {
        token_endpoint: `${mutualTlsUrl}/token`,
        introspection_endpoint: `${mutualTlsUrl}/introspect`,
        revocation_endpoint: `${mutualTlsUrl}/revoke`,
      });
    });
  });
}

/** One that API Gateway turns away itself. */
const FOREIGN: (typeof REFUSED)[number] = [
  'a certificate of a CA that the issuer does not trust',
  'pki',
  ({ foreign }) => foreign,
];
