import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { assertNotAuthenticated, assertToken } from '../conformance/answers.ts';
import { Wire } from '../conformance/wire.ts';
import type { TestCertificate } from '../support/certificates.ts';
import { SUBJECT_DN } from '../support/client-certificates.ts';
import { type EmbeddedIssuer, startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { runSignet, signetJson } from '../support/signet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { clientTls, type TlsFiles, writeTlsFiles } from '../support/tls-issuer.ts';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const GRANT = { grant_type: 'client_credentials' };

describe('signet serve by TLS', () => {
  const wire = new Wire();
  const pathOf = temporaryFolder();
  let files: TlsFiles;
  before(async () => {
    files = await writeTlsFiles(pathOf());
  });

  const requestToken = (issuer: string, client_id: string, certificate?: TestCertificate) =>
    wire.send(`${issuer}/token`, {
      method: 'POST',
      headers: FORM,
      body: new URLSearchParams({ ...GRANT, client_id }).toString(),
      tls: clientTls(files.certificates, certificate),
    });

  const create = ({ folder }: EmbeddedIssuer, client_id: string, ...options: readonly string[]) => {
    const access = ['--resource', 'https://api.example.com read', '--data', folder];
    return signetJson(['clients', 'create', client_id, ...options, ...access]);
  };

  describe('with --tls-client-ca', () => {
    let embedded: EmbeddedIssuer;
    before(async () => {
      embedded = await startEmbeddedIssuer({ args: files.mutualArgs });
      await create(embedded, 'pki', '--auth-method', 'tls_client_auth', '--subject-dn', SUBJECT_DN);
    });
    after(() => embedded?.stop());

    /** Connects as a client with this certificate, which knows a session from before or not. */
    const connection = async (certificate: TestCertificate, options: object = {}) => {
      const port = Number(new URL(embedded.issuer).port);
      const tls = clientTls(files.certificates, certificate);
      const socket = connect({ ...tls, ...options, host: '127.0.0.1', port });
      await once(socket, 'secureConnect');
      return socket;
    };
    const askFor = async (socket: TLSSocket, client_id: string) => {
      const body = new URLSearchParams({ ...GRANT, client_id }).toString();
      const head = `POST /token HTTP/1.1\r\nHost: a\r\nContent-Type: ${FORM['Content-Type']}`;
      socket.write(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      const [answer] = await once(socket, 'data');
      return Number(String(answer).split(' ')[1]);
    };

    it('speaks TLS as its identifier says, and needs no certificate for what is public', async () => {
      assert.match(embedded.issuer, /^https:\/\/127\.0\.0\.1:\d+$/);
      const tls = clientTls(files.certificates);
      assert.equal((await wire.send(`${embedded.issuer}/.well-known/jwks.json`, { tls })).status, 200);
    });

    it('hangs up on a client without TLS, and goes on', async () => {
      const plain = connectTcp(Number(new URL(embedded.issuer).port), '127.0.0.1');
      plain.end('GET / HTTP/1.1\r\nHost: a\r\n\r\n').resume();
      await once(plain, 'close');
      assertToken(await requestToken(embedded.issuer, 'pki', files.certificates.good), { scope: 'read' });
    });

    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      it(`knows the certificate of a session that is resumed by ${maxVersion}, and that of no other (RFC 8446 §2.2)`, async () => {
        const { good, selfSigned } = files.certificates;
        for (const [certificate, status] of [
          [good, 200],
          [selfSigned, 401],
        ] as const) {
          const first = await connection(certificate, { maxVersion });
          assert.equal(await askFor(first, 'pki'), status);
          // Its ticket came before the answer.
          const session = first.getSession();
          first.destroy();
          // With another certificate at hand: it is that of the first handshake that counts.
          const second = await connection(certificate === good ? selfSigned : good, { maxVersion, session });
          assert.equal(second.isSessionReused(), true);
          assert.equal(await askFor(second, 'pki'), status);
          second.destroy();
        }
      });
    }

    it('takes no second handshake on a connection, which could bring another certificate (RFC 5746)', async () => {
      const socket = await connection(files.certificates.good, { maxVersion: 'TLSv1.2' });
      assert.equal(await askFor(socket, 'pki'), 200);
      const failed = once(socket, 'error');
      socket.renegotiate({}, () => undefined);
      const [error] = await failed;
      assert.match(error.message, /no renegotiation/);
    });

    it('takes no version of TLS before 1.2 (RFC 9325 §3.1.1)', async () => {
      const old = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' };
      await assert.rejects(connection(files.certificates.good, old), /alert protocol version|version/);
    });

    it('ends within a second or two while a client has not even begun its handshake', async (t) => {
      const other = await startEmbeddedIssuer({ args: files.mutualArgs });
      t.after(other.stop);
      const silent = connectTcp(Number(new URL(other.issuer).port), '127.0.0.1');
      await once(silent, 'connect');
      // So that the server has taken the connection: this one came later.
      await wire.send(`${other.issuer}/`, { tls: clientTls(files.certificates) });
      const started = performance.now();
      assert.equal(await other.end(), 0);
      assert.ok(performance.now() - started < 3_000);
      silent.destroy();
    });
  });

  it('with --tls-client-ca none takes self-signed certificates alone (RFC 8705 §2.2)', async (t) => {
    const args = [...files.serverArgs, '--tls-client-ca', 'none'];
    const embedded = await startEmbeddedIssuer({ args });
    t.after(embedded.stop);
    await create(embedded, 'pki', '--auth-method', 'tls_client_auth', '--subject-dn', SUBJECT_DN);
    const method = ['--auth-method', 'self_signed_tls_client_auth', '--certificate', files.selfSigned];
    await create(embedded, 'own', ...method);
    const { good, selfSigned } = files.certificates;
    assertToken(await requestToken(embedded.issuer, 'own', selfSigned), { scope: 'read' });
    assertNotAuthenticated(await requestToken(embedded.issuer, 'pki', good));
  });

  it('without --tls-client-ca asks for no certificates, and has nothing of them in its metadata', async (t) => {
    const embedded = await startEmbeddedIssuer({ args: files.serverArgs });
    t.after(embedded.stop);
    await create(embedded, 'pki', '--auth-method', 'tls_client_auth', '--subject-dn', SUBJECT_DN);
    assertNotAuthenticated(await requestToken(embedded.issuer, 'pki', files.certificates.good));
    const tls = clientTls(files.certificates, files.certificates.good);
    const { status, text } = await wire.send(`${embedded.issuer}/.well-known/oauth-authorization-server`, {
      tls,
    });
    assert.equal(status, 200);
    assert.doesNotMatch(text, /tls/);
  });

  for (const [what, args, sentence] of [
    [
      'a certificate without its key',
      ['--tls-cert', 'server.pem'],
      /TLS needs both --tls-cert and --tls-key/,
    ],
    ['a key without its certificate', ['--tls-key', 'server-key.pem'], /TLS needs both/],
    ['a CA without a certificate', ['--tls-client-ca', 'ca.pem'], /TLS needs both/],
    [
      'a file that is not there',
      ['--tls-cert', 'nothing.pem', '--tls-key', 'server-key.pem'],
      /there is no file .*nothing\.pem to read/,
    ],
    [
      'a key of another certificate',
      ['--tls-cert', 'ca.pem', '--tls-key', 'server-key.pem'],
      /--tls-cert and --tls-key.* cannot be used: write files in PEM that belong together/,
    ],
    [
      'a CA that is none',
      ['--tls-cert', 'server.pem', '--tls-key', 'server-key.pem', '--tls-client-ca', 'server-key.pem'],
      /cannot be used/,
    ],
  ] as const) {
    it(`does not start with ${what}`, async () => {
      const paths = args.map((arg) => (arg.startsWith('--') ? arg : pathOf(arg)));
      const { exitCode, stderr } = await runSignet(['serve', '--port', '0', '--data', pathOf('d'), ...paths]);
      assert.equal(exitCode, 2);
      assert.match(stderr, sentence);
    });
  }
});
