import { createPublicKey, hash, X509Certificate } from 'node:crypto';
import * as v from 'valibot';
import { fitsAlgorithm } from '../client-authentication/assertion-algorithms.ts';
import {
  CERTIFICATE_CHAIN_MAX,
  CERTIFICATE_MAX_CHARACTERS,
  CLIENT_JWKS_MAX_KEYS,
  CLIENT_RSA_MODULUS_MAX_BITS,
  CLIENT_RSA_MODULUS_MIN_BITS,
  KID_MAX_CHARACTERS,
} from '../limits.ts';
import { certificateThumbprint } from '../mutual-tls/client-certificate.ts';

/** Private members (RFC 7518 §6.2.2, §6.3.2, §6.4.1): a key that has one is no secret of its owner's any more. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** As long as the longest number in a JWK can be that is taken here: an RSA modulus. */
const number = v.pipe(
  v.string(),
  v.maxLength(Math.ceil(CLIENT_RSA_MODULUS_MAX_BITS / 6), 'a number of the key is too long'),
);

/** Members that are not known are left out (RFC 7517 §4). */
const COMMON = {
  kid: v.exactOptional(
    v.pipe(
      v.string(),
      v.nonEmpty('a kid is empty: leave it out'),
      v.maxLength(KID_MAX_CHARACTERS, `a kid has at most ${KID_MAX_CHARACTERS} characters`),
    ),
  ),
  /** What a certificate of the key is called, by SHA-256 and SHA-1 (RFC 7517 §4.8, §4.9): further names of the key, no more. */
  'x5t#S256': v.exactOptional(
    v.pipe(v.string(), v.regex(/^[\w-]{43}$/, 'x5t#S256 is base64url of a SHA-256')),
  ),
  x5t: v.exactOptional(v.pipe(v.string(), v.regex(/^[\w-]{27}$/, 'x5t is base64url of a SHA-1'))),
  use: v.exactOptional(v.literal('sig', 'the use of a key that verifies signatures is sig')),
  alg: v.exactOptional(v.string()),
};

const KeySchema = v.variant(
  'kty',
  [
    v.object({ kty: v.literal('RSA'), n: number, e: number, ...COMMON }),
    v.object({
      kty: v.literal('EC'),
      crv: v.picklist(['P-256', 'P-384', 'P-521'], 'the curve of an EC key is P-256, P-384 or P-521'),
      x: number,
      y: number,
      ...COMMON,
    }),
    v.object({
      kty: v.literal('OKP'),
      crv: v.literal('Ed25519', 'the curve of an OKP key is Ed25519'),
      x: number,
      ...COMMON,
    }),
  ],
  'a key is a public JWK of kty RSA, EC or OKP (RFC 7517 section 4)',
);

/** A public key of a client, by which it is known (RFC 7517 §4). */
export type ClientJwk = v.InferOutput<typeof KeySchema>;

/** One public key of a client: none that is private, too weak or too costly. */
export const ClientJwkSchema = v.pipe(
  v.unknown(),
  v.check(isNotPrivate, 'the key has private members: register its public half alone, and make a new one'),
  KeySchema,
  v.check(
    (jwk) => jwk.alg === undefined || fitsAlgorithm(jwk, jwk.alg),
    'the alg of the key is none that signs assertions with a key of its type',
  ),
  v.check(
    isUsable,
    `the key is none that can be used: an RSA key has ${CLIENT_RSA_MODULUS_MIN_BITS} to ${CLIENT_RSA_MODULUS_MAX_BITS} bits, and a point lies on its curve`,
  ),
);

const NO_CERTIFICATE = 'a certificate in x5c is base64 of its DER (RFC 7517 section 4.7)';
const CertificateSchema = v.pipe(
  v.string(NO_CERTIFICATE),
  v.base64(NO_CERTIFICATE),
  v.maxLength(CERTIFICATE_MAX_CHARACTERS, 'a certificate in x5c is too long'),
);

/** A certificate, and those above it (RFC 7517 §4.7). */
const CertificatesSchema = v.pipe(
  v.tupleWithRest([CertificateSchema], CertificateSchema, NO_CERTIFICATE),
  v.maxLength(CERTIFICATE_CHAIN_MAX, `x5c has at most ${CERTIFICATE_CHAIN_MAX} certificates`),
);

const CertifiedSchema = v.object({ x5c: v.exactOptional(CertificatesSchema) });

/** A key as a client registers it: a certificate of it is read for what it is called, and not kept. */
const RegisteredJwkSchema = v.pipe(
  v.intersect([ClientJwkSchema, CertifiedSchema]),
  v.check(isCertified, 'the first certificate in the x5c of the key is of another key, or called otherwise'),
  v.transform(({ x5c, ...jwk }) => (x5c ? { ...jwk, ...thumbprintsOf(x5c[0]) } : jwk)),
);

/** The public keys of a client: its `jwks` (RFC 7591 §2, RFC 7517 §5). */
export const ClientJwksSchema = v.object(
  {
    keys: v.pipe(
      v.array(RegisteredJwkSchema, 'a JWK Set has an array of keys (RFC 7517 section 5)'),
      v.nonEmpty('a JWK Set has at least one key'),
      v.maxLength(CLIENT_JWKS_MAX_KEYS, `a client has at most ${CLIENT_JWKS_MAX_KEYS} keys`),
      v.check((keys) => hasDistinctKids(keys), 'two keys have the same kid'),
    ),
  },
  'a JWK Set has an array of keys (RFC 7517 section 5)',
);

function isNotPrivate(value: unknown): boolean {
  return PRIVATE_MEMBERS.every((member) => !Object.hasOwn(Object(value), member));
}

function isUsable(jwk: ClientJwk): boolean {
  try {
    const details = createPublicKey({ key: { ...jwk }, format: 'jwk' }).asymmetricKeyDetails;
    const bits = details?.modulusLength ?? CLIENT_RSA_MODULUS_MIN_BITS;
    const exponent = details?.publicExponent ?? 3n;
    if (bits < CLIENT_RSA_MODULUS_MIN_BITS || bits > CLIENT_RSA_MODULUS_MAX_BITS) return false;
    // A signature is anyone's to make for 1, and costs whatever an exponent without bound says to verify.
    return exponent > 1n && exponent % 2n === 1n && exponent < 2n ** 32n;
  } catch {
    return false;
  }
}

/** Its key has to be that of its first certificate (RFC 7517 §4.7). */
function isCertified({ x5c, ...jwk }: ClientJwk & v.InferOutput<typeof CertifiedSchema>): boolean {
  const given: Readonly<Record<string, unknown>> = jwk;
  if (!x5c) return true;
  try {
    const { publicKey } = new X509Certificate(Buffer.from(x5c[0], 'base64'));
    const certified = { ...publicKey.export({ format: 'jwk' }), ...thumbprintsOf(x5c[0]) };
    return Object.entries(certified).every(([member, value]) => (given[member] ?? value) === value);
  } catch {
    return false;
  }
}

/** What a certificate is called (RFC 7517 §4.8, §4.9). */
function thumbprintsOf(certificate: string): Readonly<Record<'x5t#S256' | 'x5t', string>> {
  const { raw } = new X509Certificate(Buffer.from(certificate, 'base64'));
  return { 'x5t#S256': certificateThumbprint(raw), x5t: hash('sha1', raw, 'base64url') };
}

function hasDistinctKids(keys: readonly ClientJwk[]): boolean {
  const kids = keys.flatMap(({ kid }) => kid ?? []);
  return new Set(kids).size === kids.length;
}
