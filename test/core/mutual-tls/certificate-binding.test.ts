import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import { calculateJwkThumbprint } from 'jose';
import { introspect } from '../../../core/introspection-endpoint.ts';
import { decodeJwt } from '../../../core/jose/jwt.ts';
import { updateClient } from '../../../core/management/clients.ts';
import { updateResource } from '../../../core/management/resources.ts';
import { requestToken } from '../../../core/token-endpoint.ts';
import type { TestCertificate } from '../../support/certificates.ts';
import {
  addCertificateClient,
  type ClientCertificates,
  clientCertificates,
  jwksOf,
  SUBJECT_DN,
  thumbprintOf,
} from '../../support/client-certificates.ts';
import { dpopProof, jwkOf } from '../../support/dpop-proof.ts';
import { KEY } from '../../support/keyed-issuer.ts';
import { basic, oauthRequest } from '../../support/oauth-request.ts';
import { resourceIdentifier } from '../../support/records.ts';
import { createTestIssuer, RESOURCE, type TestIssuer } from '../../support/test-issuer.ts';

const GRANT = { grant_type: 'client_credentials' };
const BOUND = { tls_client_certificate_bound_access_tokens: true };
const REFUSED = {
  code: 'invalid_request',
  description:
    'tokens of the client are bound to its certificate: request them by mutual TLS (RFC 8705 section 3)',
};

describe('certificateBinding', () => {
  let certificates: ClientCertificates;
  let issuer: TestIssuer;
  before(() => {
    certificates = clientCertificates(1_800_000_000);
  });
  beforeEach(async () => {
    issuer = await createTestIssuer();
  });

  const present = (certificate: TestCertificate | undefined) =>
    certificate && { clientCertificate: { pem: certificate.cert, trusted: true } };
  const secret = () => basic('backend', issuer.client_secret);
  const bySecret = (certificate?: TestCertificate) =>
    requestToken({ ...oauthRequest(secret(), GRANT), ...present(certificate) }, issuer, {});
  const claimsOf = (token: string) => decodeJwt(token)?.claims ?? {};
  const introspected = async (token: string) =>
    Object(await introspect(oauthRequest(secret(), { token }), issuer, {}));

  const byCertificate = [
    {
      method: 'tls_client_auth',
      register: () => ({ tls_client_auth_subject_dn: SUBJECT_DN }),
      choose: ({ good }: ClientCertificates) => good,
    },
    {
      method: 'self_signed_tls_client_auth',
      register: ({ selfSigned }: ClientCertificates) => ({ jwks: jwksOf(selfSigned) }),
      choose: ({ selfSigned }: ClientCertificates) => selfSigned,
    },
  ];
  for (const { method, register, choose } of byCertificate) {
    it(`binds to the certificate that the client authenticated by with ${method}, in the token and in introspection (RFC 8705 §3)`, async () => {
      const certificate = choose(certificates);
      const metadata = { token_endpoint_auth_method: method, ...register(certificates) };
      await addCertificateClient('orders', metadata, issuer);
      const form = oauthRequest(undefined, { ...GRANT, client_id: 'orders' });
      const request = { ...form, ...present(certificate) };
      const { access_token, token_type } = await requestToken(request, issuer, {});
      assert.equal(token_type, 'Bearer');
      const cnf = { 'x5t#S256': thumbprintOf(certificate) };
      assert.deepEqual(claimsOf(access_token)['cnf'], cnf);
      const { active, cnf: told } = await introspected(access_token);
      assert.deepEqual([active, told], [true, cnf]);
    });
  }

  it('binds to the certificate beside a secret when tokens of the client are to be bound (RFC 8705 §3.4, §4)', async () => {
    await updateClient(issuer.client.client_id, BOUND, issuer);
    const { access_token } = await bySecret(certificates.selfSigned);
    assert.deepEqual(claimsOf(access_token)['cnf'], { 'x5t#S256': thumbprintOf(certificates.selfSigned) });
  });

  it('binds a reference token too (RFC 8705 §3.2)', async () => {
    await updateClient(issuer.client.client_id, BOUND, issuer);
    await updateResource(resourceIdentifier(RESOURCE), { access_token_format: 'reference' }, issuer);
    const { access_token } = await bySecret(certificates.good);
    const { cnf } = await introspected(access_token);
    assert.deepEqual(cnf, { 'x5t#S256': thumbprintOf(certificates.good) });
  });

  it('binds a token to a key by DPoP as well, which its type then says (RFC 8705 §3, RFC 9449 §6)', async () => {
    await updateClient(issuer.client.client_id, BOUND, issuer);
    const dpop = await dpopProof(KEY, 'ES256', `${issuer.identifier}/token`, issuer.time.now);
    const request = { ...oauthRequest(secret(), GRANT, dpop), ...present(certificates.good) };
    const { access_token, token_type } = await requestToken(request, issuer, {});
    assert.equal(token_type, 'DPoP');
    const jkt = await calculateJwkThumbprint(jwkOf(KEY.publicKey));
    assert.deepEqual(claimsOf(access_token)['cnf'], { 'x5t#S256': thumbprintOf(certificates.good), jkt });
  });

  it('refuses a client whose tokens are to be bound and that shows no certificate (RFC 8705 §3.4)', async () => {
    await updateClient(issuer.client.client_id, BOUND, issuer);
    await assert.rejects(bySecret(), REFUSED);
    await assert.rejects(bySecret({ ...certificates.good, cert: 'broken' }), REFUSED);
  });

  it('binds nothing when a client by secret just happens to show a certificate', async () => {
    assert.equal('cnf' in claimsOf((await bySecret(certificates.good)).access_token), false);
  });
});
