import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A certificate with its private key, both in PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  readonly subject: Subject;
  readonly privateKey: KeyObject;
}

/** A distinguished name as DER has it: part by part, each of one or several attributes. */
type Subject = readonly (readonly Attribute[])[];

/** An attribute: its type in numbers, its value, and the tag of the value, UTF8String unless said otherwise. */
export type Attribute = readonly [type: string, value: string | Buffer, tag?: number];

/** What can be said of a certificate; a good one for an hour before and after `now` where nothing is said. */
export interface CertificateOptions {
  readonly subject: Subject;
  /** The CA; the certificate signs itself when absent. */
  readonly issuer?: TestCertificate;
  /** Seconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** General names, each by its tag (RFC 5280 §4.2.1.6). */
  readonly alternativeNames?: readonly (readonly [tag: number, value: string | Buffer])[];
  readonly isCa?: boolean;
  /** A key of P-256, unless it is to be one of RSA; then there has to be a CA. */
  readonly rsa?: boolean;
}

const CN = '2.5.4.3';
const ECDSA_WITH_SHA256 = tlv(0x30, objectIdentifier('1.2.840.10045.4.3.2'));

/** Makes a certificate with a new key, of whatever a CA could write. */
export function makeCertificate({
  subject,
  issuer,
  notBefore,
  notAfter,
  alternativeNames = [],
  isCa = false,
  rsa = false,
}: CertificateOptions): TestCertificate {
  const { publicKey, privateKey } = rsa
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const names = alternativeNames.map(([tag, value]) => tlv(tag, Buffer.from(value)));
  const extensions = [
    ...(names.length > 0 ? [extension('2.5.29.17', tlv(0x30, ...names))] : []),
    ...(isCa ? [extension('2.5.29.19', tlv(0x30, tlv(0x01, Buffer.from([0xff]))))] : []),
  ];
  const signed = tlv(
    0x30,
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.from([1])),
    ECDSA_WITH_SHA256,
    encodeName(issuer?.subject ?? subject),
    tlv(0x30, time(notBefore), time(notAfter)),
    encodeName(subject),
    publicKey.export({ format: 'der', type: 'spki' }),
    ...(extensions.length > 0 ? [tlv(0xa3, tlv(0x30, ...extensions))] : []),
  );
  const signature = sign('sha256', signed, issuer?.privateKey ?? privateKey);
  const der = tlv(0x30, signed, ECDSA_WITH_SHA256, tlv(0x03, Buffer.from([0]), signature));
  return {
    cert: toPem(der),
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    subject,
    privateKey,
  };
}

/** The subject that has a common name and no more. */
export function commonName(name: string): Subject {
  return [[[CN, name]]];
}

/** Writes DER as PEM. */
export function toPem(der: Buffer): string {
  const lines = der.toString('base64').replaceAll(/.{64}(?!$)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

/** One element of DER: tag, length, content. */
export function tlv(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** Encodes an object identifier. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  return tlv(0x06, Buffer.from([40 * first + second, ...others].flatMap(base128)));
}

/** Seven bits a byte, the highest first; all bytes but the last have the eighth bit. */
function base128(number: number): readonly number[] {
  const rest = Math.floor(number / 128);
  const before = rest > 0 ? base128(rest).map((byte) => byte | 0x80) : [];
  return [...before, number % 128];
}

/** Encodes a Name. */
export function encodeName(name: Subject): Buffer {
  const parts = name.map((part) =>
    tlv(
      0x31,
      ...part.map(([type, value, tag = 0x0c]) =>
        tlv(0x30, objectIdentifier(type), tlv(tag, Buffer.from(value))),
      ),
    ),
  );
  return tlv(0x30, ...parts);
}

function extension(type: string, value: Buffer): Buffer {
  return tlv(0x30, objectIdentifier(type), tlv(0x04, value));
}

/** GeneralizedTime: this is for tests, so it may stand also before 2050. */
function time(seconds: number): Buffer {
  return tlv(0x18, Buffer.from(new Date(seconds * 1000).toISOString().replaceAll(/\.\d+|[-:T]/g, '')));
}
