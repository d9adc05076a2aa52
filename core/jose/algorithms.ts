import { constants, type KeyObject } from 'node:crypto';

/** How a JWS algorithm (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9964) signs: one row per algorithm, and nobody branches on `alg`. */
export interface SigningAlgorithm {
  /** The digest that is signed, as node:crypto names it; null where the algorithm takes the message itself. */
  readonly digest: 'sha256' | 'sha384' | 'sha512' | null;
  /** The key it takes: its `kty`, with the modulus length in bits that Signet makes, the `crv`, or node:crypto's name for it. */
  readonly key:
    | { readonly kty: 'RSA'; readonly modulusLength: number }
    | { readonly kty: 'EC'; readonly crv: string }
    | { readonly kty: 'OKP'; readonly crv: 'Ed25519' }
    | { readonly kty: 'AKP'; readonly type: 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87' };
  /** What node:crypto's `sign` and `verify` take beside the key to give and take JOSE signatures. */
  readonly signature:
    | { readonly padding: number; readonly saltLength?: number }
    | { readonly dsaEncoding: 'ieee-p1363' }
    | Readonly<Record<string, never>>;
}

const RSA_2048 = { kty: 'RSA', modulusLength: 2048 } as const;
const PKCS1 = { padding: constants.RSA_PKCS1_PADDING } as const;
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING } as const;
const R_AND_S = { dsaEncoding: 'ieee-p1363' } as const;

const ALGORITHMS = {
  // RFC 7518 §3.3, §3.5, §3.4
  RS256: { digest: 'sha256', key: RSA_2048, signature: PKCS1 },
  RS384: { digest: 'sha384', key: RSA_2048, signature: PKCS1 },
  RS512: { digest: 'sha512', key: RSA_2048, signature: PKCS1 },
  PS256: { digest: 'sha256', key: RSA_2048, signature: { ...PSS, saltLength: 32 } },
  PS384: { digest: 'sha384', key: RSA_2048, signature: { ...PSS, saltLength: 48 } },
  PS512: { digest: 'sha512', key: RSA_2048, signature: { ...PSS, saltLength: 64 } },
  ES256: { digest: 'sha256', key: { kty: 'EC', crv: 'P-256' }, signature: R_AND_S },
  ES384: { digest: 'sha384', key: { kty: 'EC', crv: 'P-384' }, signature: R_AND_S },
  ES512: { digest: 'sha512', key: { kty: 'EC', crv: 'P-521' }, signature: R_AND_S },
  // RFC 8037 §3.1
  EdDSA: { digest: null, key: { kty: 'OKP', crv: 'Ed25519' }, signature: {} },
  // RFC 9964: post-quantum, by FIPS 204
  'ML-DSA-44': { digest: null, key: { kty: 'AKP', type: 'ml-dsa-44' }, signature: {} },
  'ML-DSA-65': { digest: null, key: { kty: 'AKP', type: 'ml-dsa-65' }, signature: {} },
  'ML-DSA-87': { digest: null, key: { kty: 'AKP', type: 'ml-dsa-87' }, signature: {} },
} as const satisfies Record<string, SigningAlgorithm>;

/** The name of an algorithm that Signet signs access tokens with. */
export type Alg = keyof typeof ALGORITHMS;

/** All of them, the default first (RFC 9068 §2.1 has every resource server support RS256). */
export const ALGS = Object.keys(ALGORITHMS) as readonly Alg[];

/** The row of one algorithm. */
export function signingAlgorithm(alg: Alg): SigningAlgorithm {
  return ALGORITHMS[alg];
}

/**
 * Makes a key carry what its algorithm's signatures take beside it, where node:crypto looks for that as well.
 *
 * Given an object with the key inside instead, Node 24 throws and catches two errors a signature to find out that the object
 * itself is no key: that costs as much as the ES256 signature.
 */
export function keyWithOptions(key: KeyObject, alg: Alg): KeyObject {
  return Object.assign(key, signingAlgorithm(alg).signature);
}
