import { ASSERTION_ALGS, fitsAlgorithm } from '../client-authentication/assertion-algorithms.ts';
import type { ClientJwk } from './client-jwk.ts';
import type { DecodedJwt } from './jwt.ts';

/** Why there is no key for a JWT. */
export type KeyRefusal = 'unknown_key' | 'wrong_algorithm' | 'keys_unavailable';

/** The key that a JWT names, or why there is none; with what made it fail, for the log. */
export type FoundKey =
  | { readonly key: ClientJwk; readonly refusal?: undefined; readonly cause?: undefined }
  | { readonly key?: undefined; readonly refusal: KeyRefusal; readonly cause?: unknown };

/** How a header names a key (RFC 7515 §4.1.4, §4.1.7, §4.1.8), the first of them that is there. */
const KEY_NAMES = ['kid', 'x5t#S256', 'x5t'] as const;

/**
 * Finds among the keys of whom it should be from the one that a JWT names, or without a name the one that fits its `alg`.
 *
 * `jwk`, `jku`, `x5u` and `x5c` are not even looked at (RFC 8725 §3.10).
 */
export function findKey({ header }: DecodedJwt, keys: readonly ClientJwk[]): FoundKey {
  if (!ASSERTION_ALGS.some((alg) => alg === header['alg'])) return { refusal: 'wrong_algorithm' };
  const name = KEY_NAMES.find((candidate) => header[candidate] !== undefined);
  const named = name === undefined ? keys : keys.filter((key) => key[name] === header[name]);
  if (named.length === 0) return { refusal: 'unknown_key' };
  const [key, another] = named.filter((candidate) => fitsAlgorithm(candidate, header['alg']));
  if (!key) return { refusal: 'wrong_algorithm' };
  return another ? { refusal: 'unknown_key' } : { key };
}
