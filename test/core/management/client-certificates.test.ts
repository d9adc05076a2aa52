import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createClient, updateClient } from '../../../core/management/clients.ts';
import { makeClientKey } from '../../support/client-assertion.ts';
import { clientCertificates, jwksOf, keptJwksOf, SUBJECT_DN } from '../../support/client-certificates.ts';
import { createTestIssuer, type TestIssuer } from '../../support/test-issuer.ts';

const { selfSigned, otherSelfSigned } = clientCertificates(1_800_000_000);

const tls = { token_endpoint_auth_method: 'tls_client_auth' };
const ownCertificate = { token_endpoint_auth_method: 'self_signed_tls_client_auth' };
const NAMES =
  'tls_client_auth_subject_dn, tls_client_auth_san_dns, tls_client_auth_san_uri, tls_client_auth_san_ip, tls_client_auth_san_email';
const WITHOUT = 'self_signed_tls_client_auth needs jwks with a certificate: a key with x5c, or with x5t#S256';

describe('a client that authenticates by certificate', () => {
  let issuer: TestIssuer;
  beforeEach(async () => {
    issuer = await createTestIssuer();
  });
  const create = (metadata: object) => createClient('orders', metadata, {}, issuer);

  for (const metadata of [
    { ...tls, tls_client_auth_subject_dn: SUBJECT_DN },
    { ...tls, tls_client_auth_san_ip: '2001:db8::1' },
    { ...ownCertificate, jwks: keptJwksOf(selfSigned, otherSelfSigned) },
    { ...ownCertificate, jwks: { keys: [makeClientKey('Ed25519').jwk, ...keptJwksOf(selfSigned).keys] } },
  ]) {
    it(`has no secret, and what it is known by: ${Object.keys(metadata).join(', ')} (RFC 8705 §2)`, async () => {
      const { client, secret } = await create(metadata);
      assert.equal(secret, undefined);
      assert.deepEqual(client.client_secrets, []);
      const { grant_types, resources, enabled, version, client_secrets, ...said } = client;
      assert.deepEqual(said, { client_id: 'orders', client_id_issued_at: 1_800_000_000, ...metadata });
    });
  }

  for (const [what, metadata, description] of [
    ['no name', tls, `tls_client_auth needs exactly one of ${NAMES}`],
    [
      'two names',
      { ...tls, tls_client_auth_subject_dn: SUBJECT_DN, tls_client_auth_san_dns: 'a.example.com' },
      `tls_client_auth needs exactly one of ${NAMES}`,
    ],
    [
      'a name without the method that looks at it',
      { tls_client_auth_san_dns: 'a.example.com' },
      'tls_client_auth_san_dns is for clients that authenticate by tls_client_auth',
    ],
    [
      'a subject that is none',
      { ...tls, tls_client_auth_subject_dn: 'orders' },
      'tls_client_auth_subject_dn: a subject is written as RFC 4514 has it, such as CN=orders,O=Example,C=DE',
    ],
    [
      'a subject without end',
      { ...tls, tls_client_auth_subject_dn: `CN=${'a'.repeat(1_022)}` },
      'tls_client_auth_subject_dn: a name in a certificate has at most 1024 characters',
    ],
    [
      'an address that is none',
      { ...tls, tls_client_auth_san_ip: '192.0.2' },
      'tls_client_auth_san_ip: it is no IP address',
    ],
    [
      'a name with a space',
      { ...tls, tls_client_auth_san_dns: 'a b' },
      'tls_client_auth_san_dns: a name in a certificate is printable ASCII without spaces',
    ],
    ['no certificate', ownCertificate, WITHOUT],
    [
      'keys without certificates',
      { ...ownCertificate, jwks: { keys: [makeClientKey('Ed25519').jwk] } },
      WITHOUT,
    ],
  ] as const) {
    it(`is refused with ${what}, and told what to do`, async () => {
      await assert.rejects(create(metadata), { code: 'invalid_client_metadata', description });
    });
  }

  it('is known by the thumbprint of a certificate that it registers in x5c (RFC 8705 §2.2.2)', async () => {
    const { client } = await create({ ...ownCertificate, jwks: jwksOf(selfSigned, otherSelfSigned) });
    assert.deepEqual(client.jwks, keptJwksOf(selfSigned, otherSelfSigned));
  });

  it('may change over from secrets and back', async () => {
    const { client_id } = issuer.client;
    const name = { tls_client_auth_subject_dn: SUBJECT_DN };
    const changed = await updateClient(client_id, { ...tls, ...name }, issuer);
    assert.equal(changed.tls_client_auth_subject_dn, SUBJECT_DN);
    const nameless = { token_endpoint_auth_method: null, tls_client_auth_subject_dn: null };
    assert.deepEqual(await updateClient(client_id, nameless, issuer), { ...issuer.client, version: 3 });
  });
});
