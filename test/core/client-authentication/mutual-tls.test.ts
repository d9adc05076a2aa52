import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import { authenticateClient } from '../../../core/client-authentication/authenticate-client.ts';
import { setClientEnabled } from '../../../core/management/clients.ts';
import type { RequestRecord } from '../../../core/request-record.ts';
import type { TestCertificate } from '../../support/certificates.ts';
import {
  addCertificateClient,
  type ClientCertificates,
  clientCertificates,
  jwksOf,
  SUBJECT_DN,
} from '../../support/client-certificates.ts';
import { refusedFor } from '../../support/keyed-issuer.ts';
import { basic, oauthRequest } from '../../support/oauth-request.ts';
import { clientId } from '../../support/records.ts';
import { createTestIssuer, type TestIssuer } from '../../support/test-issuer.ts';

const tls = 'tls_client_auth';
const selfSigned = 'self_signed_tls_client_auth';

let certificates: ClientCertificates;
let issuer: TestIssuer;
let record: RequestRecord;

before(() => {
  certificates = clientCertificates(1_800_000_000);
});
beforeEach(async () => {
  issuer = await createTestIssuer();
  record = {};
});

const add = (metadata: object) => addCertificateClient('orders', metadata, issuer);

/** Authenticates by a certificate and the name that comes with it. */
const authenticate = (
  certificate: TestCertificate,
  { trusted = true, client_id = 'orders', authorization = undefined as string | undefined } = {},
) =>
  authenticateClient(
    { ...oauthRequest(authorization, { client_id }), clientCertificate: { pem: certificate.cert, trusted } },
    issuer,
    record,
  );

describe('tls_client_auth', () => {
  for (const [name, value, other] of [
    ['tls_client_auth_subject_dn', `cn=orders, o=Example`, 'CN=orders'],
    ['tls_client_auth_san_dns', 'Orders.example.com', 'example.com'],
    ['tls_client_auth_san_uri', 'spiffe://example.com/orders', 'spiffe://example.com/Orders'],
    ['tls_client_auth_san_ip', '192.0.2.1', '192.0.2.2'],
    ['tls_client_auth_san_email', 'orders@example.com', 'Orders@example.com'],
  ] as const) {
    it(`knows a client by ${name} (RFC 8705 §2.1.2)`, async () => {
      await add({ token_endpoint_auth_method: tls, [name]: value });
      assert.equal((await authenticate(certificates.good)).client_id, 'orders');
      assert.deepEqual(record, { client_id: 'orders', auth_method: tls });
    });

    it(`refuses a certificate with another name than ${name} (RFC 8705 §2.1)`, async () => {
      await add({ token_endpoint_auth_method: tls, [name]: other });
      await assert.rejects(authenticate(certificates.good), refusedFor('wrong_certificate'));
    });

    it(`refuses a certificate without the kind of name that ${name} is (RFC 8705 §2.1)`, async () => {
      await add({ token_endpoint_auth_method: tls, [name]: value });
      await assert.rejects(authenticate(certificates.otherSubject), refusedFor('wrong_certificate'));
    });
  }

  it('takes no name of one kind for one of another', async () => {
    await add({ token_endpoint_auth_method: tls, tls_client_auth_san_dns: 'spiffe://example.com/orders' });
    await assert.rejects(authenticate(certificates.good), refusedFor('wrong_certificate'));
  });

  it('refuses a certificate that TLS does not trust, whatever it says (RFC 8705 §2.1)', async () => {
    await add({ token_endpoint_auth_method: tls, tls_client_auth_subject_dn: SUBJECT_DN });
    await assert.rejects(
      authenticate(certificates.foreign, { trusted: false }),
      refusedFor('certificate_not_trusted'),
    );
  });

  for (const [what, choose] of [
    ['that has expired', ({ expired }: ClientCertificates) => expired],
    ['that is not good yet', ({ notYetValid }: ClientCertificates) => notYetValid],
  ] as const) {
    it(`refuses a certificate ${what} (RFC 5280 §4.1.2.5)`, async () => {
      await add({ token_endpoint_auth_method: tls, tls_client_auth_subject_dn: SUBJECT_DN });
      await assert.rejects(authenticate(choose(certificates)), refusedFor('certificate_not_valid_now'));
    });
  }

  it('takes a certificate to its last second and no longer (RFC 5280 §4.1.2.5)', async () => {
    await add({ token_endpoint_auth_method: tls, tls_client_auth_subject_dn: SUBJECT_DN });
    for (const now of [1_800_000_000 - 3_600, 1_800_000_000 + 3_600]) {
      issuer.time.now = now;
      assert.equal((await authenticate(certificates.good)).client_id, 'orders');
    }
    for (const now of [1_800_000_000 - 3_601, 1_800_000_000 + 3_601]) {
      issuer.time.now = now;
      await assert.rejects(authenticate(certificates.good), refusedFor('certificate_not_valid_now'));
    }
  });

  it('refuses what is no certificate', async () => {
    await add({ token_endpoint_auth_method: tls, tls_client_auth_subject_dn: SUBJECT_DN });
    const broken = { ...certificates.good, cert: 'broken' };
    await assert.rejects(authenticate(broken), refusedFor('certificate_unreadable'));
  });
});

describe('self_signed_tls_client_auth', () => {
  it('knows a client by any certificate in its jwks, whoever signed it (RFC 8705 §2.2)', async () => {
    const { selfSigned: own, good } = certificates;
    await add({ token_endpoint_auth_method: selfSigned, jwks: jwksOf(own, good) });
    for (const certificate of [own, good]) {
      assert.equal((await authenticate(certificate, { trusted: false })).client_id, 'orders');
    }
    assert.deepEqual(record, { client_id: 'orders', auth_method: selfSigned });
  });

  it('refuses every other certificate, also one of the same subject (RFC 8705 §2.2)', async () => {
    await add({ token_endpoint_auth_method: selfSigned, jwks: jwksOf(certificates.selfSigned) });
    await assert.rejects(authenticate(certificates.otherSelfSigned), refusedFor('wrong_certificate'));
  });

  it('refuses a registered certificate that has expired', async () => {
    await add({ token_endpoint_auth_method: selfSigned, jwks: jwksOf(certificates.expired) });
    await assert.rejects(authenticate(certificates.expired), refusedFor('certificate_not_valid_now'));
  });
});

describe('authentication by certificate', () => {
  beforeEach(() => add({ token_endpoint_auth_method: tls, tls_client_auth_subject_dn: SUBJECT_DN }));

  it('needs a client_id (RFC 8705 §2)', async () => {
    await assert.rejects(authenticate(certificates.good, { client_id: '' }), refusedFor('no_credentials'));
  });

  it('needs a certificate', async () => {
    const request = oauthRequest(undefined, { client_id: 'orders' });
    await assert.rejects(authenticateClient(request, issuer, record), refusedFor('no_credentials'));
  });

  it('refuses a client that is not there, and logs a hash of its name', async () => {
    await assert.rejects(
      authenticate(certificates.good, { client_id: 'nobody' }),
      refusedFor('unknown_client'),
    );
    assert.deepEqual(record, { unknown_client_id_sha256: '6382b3cc881412b7' });
  });

  it('refuses a client that is registered for secrets, or for no method (RFC 7591 §2)', async () => {
    await assert.rejects(
      authenticate(certificates.good, { client_id: 'backend' }),
      refusedFor('method_not_registered'),
    );
    assert.deepEqual(record, { client_id: 'backend' });
  });

  it('refuses a disabled client', async () => {
    await setClientEnabled(clientId('orders'), false, issuer);
    await assert.rejects(authenticate(certificates.good), refusedFor('client_disabled'));
  });

  it('does not count beside other credentials: these have to be right by themselves (RFC 6749 §2.3)', async () => {
    await assert.rejects(
      authenticate(certificates.good, { authorization: basic('orders', 'wrong') }),
      refusedFor('wrong_secret'),
    );
    const authorization = basic('backend', issuer.client_secret);
    const authenticated = await authenticate(certificates.good, { authorization, client_id: 'backend' });
    assert.equal(authenticated.client_id, 'backend');
  });
});
