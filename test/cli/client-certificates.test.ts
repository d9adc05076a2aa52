import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { clientCertificates, keptJwksOf, SUBJECT_DN } from '../support/client-certificates.ts';
import { type SignetOnStore, signetOnNewStore } from '../support/signet-in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const { selfSigned, otherSelfSigned } = clientCertificates(1_800_000_000);

describe('signet clients, of clients with certificates', () => {
  const pathOf = temporaryFolder();
  let signet: SignetOnStore;
  before(async () => {
    signet = signetOnNewStore(pathOf('store'));
    await signet.json('resources', 'create', 'https://api.example.com', '--scopes', 'read');
    await Promise.all([
      writeFile(pathOf('one.pem'), selfSigned.cert),
      writeFile(pathOf('other.pem'), otherSelfSigned.cert),
    ]);
  });

  for (const [option, member, value] of [
    ['--subject-dn', 'tls_client_auth_subject_dn', SUBJECT_DN],
    ['--san-dns', 'tls_client_auth_san_dns', 'orders.example.com'],
    ['--san-uri', 'tls_client_auth_san_uri', 'spiffe://example.com/orders'],
    ['--san-ip', 'tls_client_auth_san_ip', '192.0.2.1'],
    ['--san-email', 'tls_client_auth_san_email', 'orders@example.com'],
  ] as const) {
    it(`creates one that is known by ${option}, without a secret (RFC 8705 §2.1.2)`, async () => {
      const created = Object(
        await signet.json('clients', 'create', '--auth-method', 'tls_client_auth', option, value),
      );
      assert.deepEqual(
        [created[member], created.client_secret, created.client_secrets],
        [value, undefined, []],
      );
      const update = ['clients', 'update', created.client_id, '--auth-method', 'any', option, 'none'];
      assert.equal(member in Object(await signet.json(...update)), false);
    });
  }

  it('creates one that is known by certificates in files, and replaces them all (RFC 8705 §2.2.2)', async () => {
    const method = ['--auth-method', 'self_signed_tls_client_auth'];
    const files = ['--certificate', pathOf('one.pem'), '--certificate', pathOf('other.pem')];
    const created = Object(await signet.json('clients', 'create', ...method, ...files));
    assert.deepEqual(created.jwks, keptJwksOf(selfSigned, otherSelfSigned));
    const update = ['clients', 'update', created.client_id, '--certificate', pathOf('other.pem')];
    assert.deepEqual(Object(await signet.json(...update)).jwks, keptJwksOf(otherSelfSigned));
  });

  it('binds tokens to certificates, and no more (RFC 8705 §3.4)', async () => {
    const created = Object(await signet.json('clients', 'create', '--certificate-bound', 'yes'));
    assert.equal(created.tls_client_certificate_bound_access_tokens, true);
    const update = ['clients', 'update', created.client_id, '--certificate-bound', 'none'];
    assert.equal('tls_client_certificate_bound_access_tokens' in Object(await signet.json(...update)), false);
  });

  for (const [what, args, sentence] of [
    [
      'a file without a certificate',
      ['--certificate', 'package.json'],
      /package.json has no certificate in it: give one in PEM/,
    ],
    ['another word than yes', ['--certificate-bound', 'true'], /Write yes or none/],
  ] as const) {
    it(`refuses ${what} in a sentence`, async () => {
      const { exitCode, stderr } = await signet.run('clients', 'create', ...args);
      assert.equal(exitCode, 2);
      assert.match(stderr, sentence);
    });
  }
});
