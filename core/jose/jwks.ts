import { type KeySet, type PublicJwk, publishedKeys } from './signing-key.ts';

/** A public key as the JWKS shows it (RFC 7517 §4). */
export type PublishedJwk = PublicJwk & { readonly kid: string; readonly alg: string; readonly use: 'sig' };

/** The JWK Set (RFC 7517 §5) of the keys that are published now: what they were stored with, which is never private. */
export function jsonWebKeySet(keySet: KeySet, now: number): { readonly keys: readonly PublishedJwk[] } {
  return {
    keys: publishedKeys(keySet, now).map(({ kid, alg, public_jwk }) => ({
      ...public_jwk,
      kid,
      alg,
      use: 'sig',
    })),
  };
}
