import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  canonicalIpAddress,
  certificateThumbprint,
  isSelfSigned,
  readClientCertificate,
} from '../../../core/mutual-tls/client-certificate.ts';
import { parseDistinguishedName } from '../../../core/mutual-tls/distinguished-name.ts';
import { commonName, makeCertificate, type TestCertificate } from '../../support/certificates.ts';

const VALID = { notBefore: 1_800_000_000, notAfter: 1_800_003_600 };

describe('a client certificate', () => {
  it('has its subject, its other names and its times', () => {
    const { cert } = makeCertificate({
      ...VALID,
      subject: commonName('orders'),
      alternativeNames: [
        [0x82, 'Orders.Example.com'],
        [0x82, 'other.example.com'],
        [0x86, 'spiffe://example.com/orders'],
        [0x81, 'Orders@example.com'],
        [0x87, Buffer.from([192, 0, 2, 1])],
        [0x87, Buffer.from('20010db8000000000000000000000001', 'hex')],
        [0x87, Buffer.from([1, 2, 3])],
        [0x88, Buffer.from([0x2a])],
      ],
      isCa: true,
    });
    assert.deepEqual(readClientCertificate({ pem: cert, trusted: true }), {
      trusted: true,
      der: new X509Certificate(cert).raw,
      subject: parseDistinguishedName('CN=orders'),
      alternativeNames: {
        dns: ['orders.example.com', 'other.example.com'],
        uri: ['spiffe://example.com/orders'],
        ip: ['192.0.2.1', '2001:db8::1', ''],
        email: ['Orders@example.com'],
      },
      ...VALID,
    });
  });

  it('may have no extensions', () => {
    const { cert } = makeCertificate({ ...VALID, subject: commonName('orders') });
    const { alternativeNames } = readClientCertificate({ pem: cert, trusted: true }) ?? {};
    assert.deepEqual(alternativeNames, { dns: [], uri: [], ip: [], email: [] });
  });

  for (const text of ['', 'a', '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n']) {
    it(`is not ${JSON.stringify(text)}`, () => {
      assert.equal(readClientCertificate({ pem: text, trusted: true }), undefined);
    });
  }

  it('has the SHA-256 of its DER as thumbprint (RFC 8705 §3.1)', () => {
    const { cert } = makeCertificate({ ...VALID, subject: commonName('orders') });
    const { raw, fingerprint256 } = new X509Certificate(cert);
    const hex = fingerprint256.replaceAll(':', '');
    assert.equal(certificateThumbprint(raw), Buffer.from(hex, 'hex').toString('base64url'));
  });
});

describe('isSelfSigned', () => {
  const subject = commonName('orders');
  const own = makeCertificate({ ...VALID, subject, isCa: true });
  const derOf = ({ cert }: TestCertificate) => ({ der: new X509Certificate(cert).raw });

  it('tells a certificate that its own key signed, and another of the same name', () => {
    assert.equal(isSelfSigned(derOf(own)), true);
    assert.equal(isSelfSigned(derOf(makeCertificate({ ...VALID, subject, issuer: own }))), false);
  });
});

describe('an IP address', () => {
  for (const [text, canonical] of [
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0::0:1', '2001:db8::1'],
    ['192.0.2.256', undefined],
    ['192.0.2', undefined],
    ['2001:db8::1::', undefined],
    ['', undefined],
    ['localhost', undefined],
  ] as const) {
    it(`is ${canonical} for ${JSON.stringify(text)}`, () => {
      assert.equal(canonicalIpAddress(text), canonical);
    });
  }
});
