import { X509Certificate } from 'node:crypto';
import { createClient } from '../../core/management/clients.ts';
import type { ManagementPorts } from '../../core/management/ports.ts';
import { commonName, makeCertificate, type TestCertificate } from './certificates.ts';
import { RESOURCE } from './test-issuer.ts';

/** The certificates that clients of an issuer have, good and bad, each for an hour before and after a time. */
export interface ClientCertificates {
  readonly ca: TestCertificate;
  /** Signed by the CA, with the subject `CN=orders,O=Example`, and names of each other kind. */
  readonly good: TestCertificate;
  readonly otherSubject: TestCertificate;
  /** As the good one, but signed by a CA that nobody trusts. */
  readonly foreign: TestCertificate;
  readonly expired: TestCertificate;
  readonly notYetValid: TestCertificate;
  readonly selfSigned: TestCertificate;
  readonly otherSelfSigned: TestCertificate;
  /** Self-signed, with the subject of the good one. */
  readonly sameSubject: TestCertificate;
}

const HOUR = 3_600;

/** The subject of the good certificate, as RFC 4514 writes it. */
export const SUBJECT_DN = 'CN=orders,O=Example';

/** Makes certificates for clients. */
export function clientCertificates(now: number): ClientCertificates {
  const valid = { notBefore: now - HOUR, notAfter: now + HOUR };
  const subject = [[['2.5.4.10', 'Example']], [['2.5.4.3', 'orders']]] as const;
  const alternativeNames = [
    [0x82, 'orders.example.com'],
    [0x86, 'spiffe://example.com/orders'],
    [0x87, Buffer.from([192, 0, 2, 1])],
    [0x81, 'orders@example.com'],
  ] as const;
  const authority = { ...valid, isCa: true };
  const ca = makeCertificate({ ...authority, subject: commonName('CA') });
  const foreignCa = makeCertificate({ ...authority, subject: commonName('CA') });
  const good = { ...valid, subject, alternativeNames, issuer: ca };
  return {
    ca,
    good: makeCertificate(good),
    otherSubject: makeCertificate({ ...valid, subject: commonName('orders'), issuer: ca }),
    foreign: makeCertificate({ ...good, issuer: foreignCa }),
    expired: makeCertificate({ ...good, notAfter: now - 1 }),
    notYetValid: makeCertificate({ ...good, notBefore: now + 60 }),
    selfSigned: makeCertificate({ ...valid, subject: commonName('orders') }),
    otherSelfSigned: makeCertificate({ ...valid, subject: commonName('orders') }),
    sameSubject: makeCertificate({ ...valid, subject }),
  };
}

/** The thumbprint of a certificate, made without our code (RFC 8705 §3.1). */
export function thumbprintOf({ cert }: TestCertificate): string {
  return toBase64url(new X509Certificate(cert).fingerprint256);
}

/** What registers certificates themselves. */
export function jwksOf(...certificates: readonly TestCertificate[]): { readonly keys: readonly object[] } {
  const x509 = certificates.map(({ cert }) => new X509Certificate(cert));
  return { keys: x509.map((each) => ({ ...publicJwk(each), x5c: [each.raw.toString('base64')] })) };
}

/** What is kept of certificates that are registered themselves. */
export function keptJwksOf(...certificates: readonly TestCertificate[]): {
  readonly keys: readonly object[];
} {
  const x509 = certificates.map(({ cert }) => new X509Certificate(cert));
  return {
    keys: x509.map((each) => ({
      ...publicJwk(each),
      'x5t#S256': toBase64url(each.fingerprint256),
      x5t: toBase64url(each.fingerprint),
    })),
  };
}

function publicJwk({ publicKey }: X509Certificate): object {
  return publicKey.export({ format: 'jwk' });
}

function toBase64url(fingerprint: string): string {
  return Buffer.from(fingerprint.replaceAll(':', ''), 'hex').toString('base64url');
}

/** Adds a client that may have tokens for the resource. */
export async function addCertificateClient(
  client_id: string,
  metadata: object,
  issuer: Pick<ManagementPorts, 'clients' | 'resources' | 'clock'>,
): Promise<void> {
  const resources = [{ resource: RESOURCE, scope: ['read', 'write'] }];
  await createClient(client_id, { resources, ...metadata }, {}, issuer);
}
