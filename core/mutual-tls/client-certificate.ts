import { hash, X509Certificate } from 'node:crypto';
import { SocketAddress } from 'node:net';
import { childrenOf, type DerElement, dottedDecimal, readDer } from './der.ts';
import { readDistinguishedName } from './distinguished-name.ts';

/** The certificate that a client showed in the TLS handshake, and so has the private key of. */
export interface PresentedCertificate {
  readonly pem: string;
  /** Whether TLS found its chain to end in the issuer's trust store (RFC 5280 §6). */
  readonly trusted: boolean;
}

/** A certificate that a client showed, taken apart as far as clients are known by it. */
export interface ClientCertificate extends Pick<PresentedCertificate, 'trusted'> {
  readonly der: Buffer;
  /** As `parseDistinguishedName` writes it. */
  readonly subject: string;
  /** The other names of its subject (RFC 5280 §4.2.1.6). */
  readonly alternativeNames: Readonly<Record<keyof typeof GENERAL_NAMES, readonly string[]>>;
  /** Seconds since the epoch: it is good at both and between. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** The tags of the general names that clients are known by (RFC 5280 §4.2.1.6). */
const GENERAL_NAMES = { dns: 0x82, uri: 0x86, ip: 0x87, email: 0x81 } as const;

const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';

/** Takes a certificate apart; undefined when it is none. */
export function readClientCertificate({ pem, trusted }: PresentedCertificate): ClientCertificate | undefined {
  const certificate = parseCertificate(pem);
  if (!certificate) return undefined;
  // From its DER and not from the text that node makes of it: names can be written so that their text reads as another.
  const [signed] = readDer(certificate.raw).flatMap(childrenOf);
  const members = childrenOf(signed);
  // RFC 5280 §4.1: serialNumber, signature, issuer, validity, subject.
  const [, , , , subject] = members.filter(({ tag }) => tag !== VERSION);
  const names = members.filter(({ tag }) => tag === EXTENSIONS).flatMap(readAlternativeNames);
  const named = (kind: keyof typeof GENERAL_NAMES) =>
    names.filter(({ tag }) => tag === GENERAL_NAMES[kind]).map(({ content }) => content);
  return {
    trusted,
    der: certificate.raw,
    subject: readDistinguishedName(subject),
    alternativeNames: {
      dns: named('dns').map((name) => name.toString('latin1').toLowerCase()),
      uri: named('uri').map((name) => name.toString('latin1')),
      ip: named('ip').map(formatIpAddress),
      email: named('email').map((name) => name.toString('latin1')),
    },
    notBefore: certificate.validFromDate.getTime() / 1000,
    notAfter: certificate.validToDate.getTime() / 1000,
  };
}

/** The thumbprint of a certificate by its DER (RFC 8705 §3.1). */
export function certificateThumbprint(der: Uint8Array): string {
  return hash('sha256', der, 'base64url');
}

/** Tells whether a certificate was signed by its own key, whatever it says of who signed it. */
export function isSelfSigned({ der }: Pick<ClientCertificate, 'der'>): boolean {
  const certificate = new X509Certificate(der);
  return certificate.verify(certificate.publicKey);
}

/** Writes an IP address in the one way that it is compared in; undefined when it is none. */
export function canonicalIpAddress(text: string): string | undefined {
  const family = text.includes(':') ? 'ipv6' : 'ipv4';
  try {
    return new SocketAddress({ address: text, family }).address;
  } catch {
    return undefined;
  }
}

function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function readAlternativeNames(extensions: DerElement): readonly DerElement[] {
  return childrenOf(extensions)
    .flatMap(childrenOf)
    .map(childrenOf)
    .filter(([type]) => type && dottedDecimal(type.content) === SUBJECT_ALTERNATIVE_NAME)
    .flatMap((extension) => childrenOf(extension.at(-1)))
    .flatMap(childrenOf);
}

/** Four bytes, or sixteen; anything else is no address, and equals none. */
function formatIpAddress(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  return canonicalIpAddress(bytes.toString('hex').replaceAll(/(....)(?!$)/g, '$1:')) ?? '';
}
