import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { before, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { authenticateClient } from '../../../core/client-authentication/authenticate-client.ts';
import type { PresentedCertificate } from '../../../core/mutual-tls/client-certificate.ts';
import { OAuthError } from '../../../core/oauth-error.ts';
import {
  type Attribute,
  type CertificateOptions,
  makeCertificate,
  toPem,
} from '../../support/certificates.ts';
import {
  addCertificateClient,
  type ClientCertificates,
  clientCertificates,
  jwksOf,
  SUBJECT_DN,
} from '../../support/client-certificates.ts';
import { NOW, refusedFor } from '../../support/keyed-issuer.ts';
import { oauthRequest } from '../../support/oauth-request.ts';
import { createTestIssuer, type TestIssuer } from '../../support/test-issuer.ts';

const CN = '2.5.4.3';
const O = '2.5.4.10';
const OU = '2.5.4.11';
const EMAIL = '1.2.840.113549.1.9.1';
const ORDERS: readonly Attribute[] = [[CN, 'orders']];
const EXAMPLE: readonly Attribute[] = [[O, 'Example']];

const DNS = 0x82;
const URI = 0x86;
const IP = 0x87;
const MAIL = 0x81;
const OTHER_NAME = 0xa0;
const DIRECTORY_NAME = 0xa4;

const present = (client_id: string, clientCertificate: PresentedCertificate, issuer: TestIssuer) =>
  authenticateClient({ ...oauthRequest(undefined, { client_id }), clientCertificate }, issuer, {});

describe('of certificates that a trusted CA signed', () => {
  let certificates: ClientCertificates;
  let issuer: TestIssuer;
  before(() => {
    certificates = clientCertificates(NOW);
  });
  beforeEach(async () => {
    issuer = await createTestIssuer();
  });

  const register = (name: object) =>
    addCertificateClient('orders', { token_endpoint_auth_method: 'tls_client_auth', ...name }, issuer);
  const certify = (options: Partial<CertificateOptions>) =>
    makeCertificate({
      subject: [EXAMPLE, ORDERS],
      issuer: certificates.ca,
      notBefore: NOW - 60,
      notAfter: NOW + 60,
      ...options,
    });
  const authenticate = (pem: string, client_id = 'orders') =>
    present(client_id, { pem, trusted: true }, issuer);

  const subjects: readonly (readonly [string, CertificateOptions['subject']])[] = [
    ['no part', []],
    ['one value that reads as two parts', [[[CN, 'orders,O=Example']]]],
    ['one value that reads as two parts, by a line break', [[[CN, 'orders\nO=Example']]]],
    ['its parts in another order', [ORDERS, EXAMPLE]],
    ['its parts in one', [[...EXAMPLE, ...ORDERS]]],
    ['a part more before', [[[OU, 'Guests']], EXAMPLE, ORDERS]],
    ['a part more behind', [EXAMPLE, ORDERS, [[CN, 'guest']]]],
    ['an attribute more', [EXAMPLE, [...ORDERS, [OU, 'Guests']]]],
    ['a part twice', [EXAMPLE, ORDERS, ORDERS]],
    ['its name in capitals', [EXAMPLE, [[CN, 'ORDERS']]]],
    ['a space behind', [EXAMPLE, [[CN, 'orders ']]]],
    ['a NUL behind', [EXAMPLE, [[CN, 'orders\0']]]],
    ['a letter of another script', [EXAMPLE, [[CN, 'ordеrs']]]],
    ['letters of full width', [EXAMPLE, [[CN, 'ｏｒｄｅｒｓ']]]],
    ['an invisible character', [EXAMPLE, [[CN, 'or\u200bders']]]],
    ['a value of another type of text', [EXAMPLE, [[CN, 'orders', 0x14]]]],
    ['another type of attribute', [EXAMPLE, [[OU, 'orders']]]],
  ];
  for (const [what, subject] of subjects) {
    it(`refuses a subject with ${what}`, async () => {
      await register({ tls_client_auth_subject_dn: SUBJECT_DN });
      await assert.rejects(authenticate(certify({ subject }).cert), refusedFor('wrong_certificate'));
    });
  }

  const names: readonly (readonly [string, object, CertificateOptions['alternativeNames']])[] = [
    ['a wildcard', { tls_client_auth_san_dns: 'orders.example.com' }, [[DNS, '*.example.com']]],
    ['a dot behind', { tls_client_auth_san_dns: 'orders.example.com' }, [[DNS, 'orders.example.com.']]],
    ['a NUL in it', { tls_client_auth_san_dns: 'orders.example.com' }, [[DNS, 'orders.example.com\0.a']]],
    [
      'a list in one',
      { tls_client_auth_san_dns: 'orders.example.com' },
      [[DNS, 'a, DNS:orders.example.com']],
    ],
    ['a domain above', { tls_client_auth_san_dns: 'orders.example.com' }, [[DNS, 'example.com']]],
    ['a DNS name as a URI', { tls_client_auth_san_dns: 'orders.example.com' }, [[URI, 'orders.example.com']]],
    ['a URI in capitals', { tls_client_auth_san_uri: 'spiffe://a/orders' }, [[URI, 'SPIFFE://a/orders']]],
    ['a URI with more', { tls_client_auth_san_uri: 'spiffe://a/orders' }, [[URI, 'spiffe://a/orders/..']]],
    ['an address as text', { tls_client_auth_san_ip: '192.0.2.1' }, [[IP, '192.0.2.1']]],
    ['an address as a DNS name', { tls_client_auth_san_ip: '192.0.2.1' }, [[DNS, '192.0.2.1']]],
    [
      'an address in IPv6',
      { tls_client_auth_san_ip: '192.0.2.1' },
      [[IP, Buffer.from('00000000000000000000ffffc0000201', 'hex')]],
    ],
    [
      'an address with a mask',
      { tls_client_auth_san_ip: '192.0.2.1' },
      [[IP, Buffer.from([192, 0, 2, 1, 255, 255, 255, 255])]],
    ],
    ['mail in capitals', { tls_client_auth_san_email: 'a@example.com' }, [[MAIL, 'A@example.com']]],
    ['mail as another name', { tls_client_auth_san_email: 'a@example.com' }, [[OTHER_NAME, 'a@example.com']]],
    ['mail as a directory name', { tls_client_auth_san_email: 'a@b.c' }, [[DIRECTORY_NAME, 'a@b.c']]],
  ];
  for (const [what, registered, alternativeNames = []] of names) {
    it(`refuses another name, with ${what}`, async () => {
      await register(registered);
      await assert.rejects(authenticate(certify({ alternativeNames }).cert), refusedFor('wrong_certificate'));
    });
  }

  it('takes no name from the subject where another kind is registered', async () => {
    await register({ tls_client_auth_san_email: 'orders@example.com' });
    const { cert } = certify({
      subject: [[[EMAIL, 'orders@example.com', 0x16]], [[CN, 'orders@example.com']]],
    });
    await assert.rejects(authenticate(cert), refusedFor('wrong_certificate'));
  });

  it('refuses one that signed itself, which the trust store has for another client', async () => {
    await register({ tls_client_auth_subject_dn: SUBJECT_DN });
    const { subject } = certificates.good;
    const { cert } = makeCertificate({ subject, notBefore: NOW - 60, notAfter: NOW + 60 });
    await assert.rejects(authenticate(cert), refusedFor('certificate_not_trusted'));
  });

  it('takes the first of several, the one of the connection', async () => {
    await register({ tls_client_auth_subject_dn: SUBJECT_DN });
    const both = certificates.otherSubject.cert + certificates.good.cert;
    await assert.rejects(authenticate(both), refusedFor('wrong_certificate'));
  });

  for (const [what, pem] of [
    ['nothing', () => ''],
    ['a private key', () => certificates.good.key],
    ['a line of a megabyte', () => 'A'.repeat(1_048_576)],
    ['a certificate without its end', () => certificates.good.cert.slice(0, -30)],
    ['an empty certificate', () => toPem(Buffer.alloc(0))],
    ['nested sequences without end', () => toPem(Buffer.from('3080'.repeat(20_000), 'hex'))],
  ] as const) {
    it(`refuses what is none: ${what}`, async () => {
      await register({ tls_client_auth_subject_dn: SUBJECT_DN });
      await assert.rejects(authenticate(pem()), refusedFor('certificate_unreadable'));
    });
  }

  for (const client_id of ['ORDERS', 'orders ', 'ordеrs', '__proto__', 'o'.repeat(4_000)]) {
    it(`refuses the client_id ${JSON.stringify(client_id.slice(0, 20))} as unknown`, async () => {
      await register({ tls_client_auth_subject_dn: SUBJECT_DN });
      await assert.rejects(authenticate(certificates.good.cert, client_id), refusedFor('unknown_client'));
    });
  }
});

describe('of whatever is presented as a certificate', () => {
  it('none that is not genuine is accepted, and none breaks the issuer', async () => {
    const issuer = await createTestIssuer();
    const { good, selfSigned } = clientCertificates(NOW);
    const byCa = { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: SUBJECT_DN };
    const own = { token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks: jwksOf(selfSigned) };
    await addCertificateClient('ca', byCa, issuer);
    await addCertificateClient('own', own, issuer);
    const authenticate = (client_id: string, presented: PresentedCertificate) =>
      present(client_id, presented, issuer);
    const changed = ({ cert }: typeof good, at: number, bits: number) => {
      const der = Buffer.from(new X509Certificate(cert).raw);
      const index = at % der.length;
      der[index] = (der[index] ?? 0) ^ bits;
      return toPem(der);
    };
    const isRefused = (error: unknown) => error instanceof OAuthError && error.code === 'invalid_client';

    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.string({ unit: 'binary' }),
        async (at, bits, text) => {
          // TLS trusts no certificate whose bytes the CA did not sign.
          const forged = { pem: changed(good, at, bits), trusted: false };
          await assert.rejects(authenticate('ca', forged), isRefused);
          for (const trusted of [true, false]) {
            await assert.rejects(
              authenticate('own', { pem: changed(selfSigned, at, bits), trusted }),
              isRefused,
            );
            await assert.rejects(authenticate('ca', { pem: text, trusted }), isRefused);
          }
        },
      ),
    );
  });
});
