import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { compactJws, type Sign } from '../conformance/genuine-token.ts';

/** How a request says that its assertion is a JWT (RFC 7523 §2.2). */
export const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Every algorithm of assertions, by the kind of key that it takes. */
export const ALGS_BY_KEY = {
  RSA: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  'P-256': ['ES256'],
  'P-384': ['ES384'],
  'P-521': ['ES512'],
  Ed25519: ['EdDSA', 'Ed25519'],
} as const;

export type KeyKind = keyof typeof ALGS_BY_KEY;

/** A key pair of a client; its kid is the kind of key that it is. */
export interface ClientKey {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  /** The public half, as the client registers it. */
  readonly jwk: Readonly<Record<string, unknown>>;
}

/** Makes a key pair; RSA ones take a moment. */
export function makeClientKey(kind: KeyKind, modulusLength = 2048): ClientKey {
  const { publicKey, privateKey } = generate(kind, modulusLength);
  return { publicKey, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid: kind } };
}

function generate(kind: KeyKind, modulusLength: number) {
  if (kind === 'RSA') return generateKeyPairSync('rsa', { modulusLength });
  return kind === 'Ed25519'
    ? generateKeyPairSync('ed25519')
    : generateKeyPairSync('ec', { namedCurve: kind });
}

/** Signs with a private key as an algorithm says (RFC 7518 §3, RFC 8037 §3.1). */
export function signerOf({ privateKey: key }: Pick<ClientKey, 'privateKey'>, alg: string): Sign {
  const [family, bits] = [alg.slice(0, 2), alg.slice(2)];
  const padding = family === 'PS' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const options = key.asymmetricKeyType === 'rsa' ? { padding } : {};
  const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
  return (signingInput) =>
    key.asymmetricKeyType === 'ed25519'
      ? sign(undefined, signingInput, key)
      : sign(`sha${bits}`, signingInput, { key, ...options, saltLength, dsaEncoding: 'ieee-p1363' });
}

/** What an assertion says, where a test does not say otherwise; what is undefined is left out. */
export interface Assertion {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly sign?: Sign;
}

/** Makes an assertion as a client does that signs with a key, or anything that differs from it. */
export function clientAssertion(key: ClientKey, alg: string, { header, claims, sign: by }: Assertion) {
  return compactJws({ alg, kid: key.jwk['kid'], ...header }, claims, by ?? signerOf(key, alg));
}

/** The parameters that present an assertion (RFC 7521 §4.2). */
export function presenting(client_assertion: string) {
  return { client_assertion_type: JWT_BEARER, client_assertion };
}
