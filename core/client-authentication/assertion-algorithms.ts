import { constants, createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import type { ClientJwk } from '../jose/client-jwk.ts';

/** How a JWS algorithm (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2) verifies assertions: one row for each. */
interface AssertionAlgorithm {
  /** The keys it takes, by the `kty` and `crv` of their JWK. */
  readonly kty: ClientJwk['kty'];
  readonly crv?: string;
  /** The digest that is signed, as node:crypto names it; none where the algorithm has its own. */
  readonly digest?: string;
  /** What node:crypto's `verify` takes beside the key. */
  readonly signature?:
    | { readonly padding: number; readonly saltLength?: number }
    | { readonly dsaEncoding: 'ieee-p1363' };
}

const PKCS1 = { padding: constants.RSA_PKCS1_PADDING };
const P1363 = { dsaEncoding: 'ieee-p1363' } as const;
const pss = (saltLength: number) => ({ padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });

/** A `Map`, for its keys come from requests. All of them are asymmetric: no public key can be taken for a secret. */
const ALGORITHMS: ReadonlyMap<unknown, AssertionAlgorithm> = new Map<string, AssertionAlgorithm>([
  ['RS256', { kty: 'RSA', digest: 'sha256', signature: PKCS1 }],
  ['RS384', { kty: 'RSA', digest: 'sha384', signature: PKCS1 }],
  ['RS512', { kty: 'RSA', digest: 'sha512', signature: PKCS1 }],
  ['PS256', { kty: 'RSA', digest: 'sha256', signature: pss(32) }],
  ['PS384', { kty: 'RSA', digest: 'sha384', signature: pss(48) }],
  ['PS512', { kty: 'RSA', digest: 'sha512', signature: pss(64) }],
  ['ES256', { kty: 'EC', crv: 'P-256', digest: 'sha256', signature: P1363 }],
  ['ES384', { kty: 'EC', crv: 'P-384', digest: 'sha384', signature: P1363 }],
  ['ES512', { kty: 'EC', crv: 'P-521', digest: 'sha512', signature: P1363 }],
  ['EdDSA', { kty: 'OKP', crv: 'Ed25519' }],
  ['Ed25519', { kty: 'OKP', crv: 'Ed25519' }],
]);

/** The algorithms of client assertions, as the metadata lists them (RFC 8414 §2). */
export const ASSERTION_ALGS = [...ALGORITHMS.keys()].map(String);

/** Tells whether a key verifies this algorithm: by its own `alg` when it has one, by its type else (RFC 8725 §3.1). */
export function fitsAlgorithm(jwk: ClientJwk, alg: unknown): boolean {
  const algorithm = ALGORITHMS.get(alg);
  if (!algorithm || (jwk.alg ?? alg) !== alg || algorithm.kty !== jwk.kty) return false;
  return algorithm.crv === undefined || ('crv' in jwk && jwk.crv === algorithm.crv);
}

/**
 * Verifies a signature by a key and an algorithm that it fits.
 *
 * Without a key it verifies by nobody's, and says no: an unknown client or key must not be refused faster.
 */
export function verifiesAssertion(
  jwk: ClientJwk | undefined,
  alg: unknown,
  signingInput: string,
  signature: Uint8Array,
): boolean {
  const algorithm = ALGORITHMS.get(alg);
  if (!algorithm) return false;
  const key = jwk ? publicKeyObject(jwk) : nobodysKey(algorithm);
  const verified = verify(
    algorithm.digest,
    Buffer.from(signingInput),
    { key, ...algorithm.signature },
    signature,
  );
  return verified && jwk !== undefined;
}

const keyObjects = new WeakMap<ClientJwk, KeyObject>();

/** A key as node:crypto has it, made once of each. */
export function publicKeyObject(jwk: ClientJwk): KeyObject {
  const known = keyObjects.get(jwk);
  if (known) return known;
  const keyObject = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  keyObjects.set(jwk, keyObject);
  return keyObject;
}

const nobodysKeys = new Map<string, KeyObject>();

function nobodysKey({ kty, crv = kty }: AssertionAlgorithm): KeyObject {
  const known = nobodysKeys.get(crv);
  if (known) return known;
  const keyObject = makeNobodysKey(kty, crv);
  nobodysKeys.set(crv, keyObject);
  return keyObject;
}

/** A modulus that is no product of primes anyone chose costs the same, and nothing to make. */
function makeNobodysKey(kty: ClientJwk['kty'], crv: string): KeyObject {
  if (kty === 'RSA') {
    const n = Buffer.alloc(256, 0xff).toString('base64url');
    return createPublicKey({ key: { kty, n, e: 'AQAB' }, format: 'jwk' });
  }
  return kty === 'EC'
    ? generateKeyPairSync('ec', { namedCurve: crv }).publicKey
    : generateKeyPairSync('ed25519').publicKey;
}
