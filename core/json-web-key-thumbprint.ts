import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { type KeyId, KeyIdSchema, type PublicJwk } from './signing-key.ts';

/** The thumbprint of a public key, base64url of its SHA-256 (RFC 7638 §3): what Signet identifies its keys by. */
export function thumbprint(jwk: PublicJwk): KeyId {
  // Only the required members, in lexicographic order (RFC 7638 §3.2).
  const members =
    jwk.kty === 'RSA'
      ? { e: jwk.e, kty: jwk.kty, n: jwk.n }
      : { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y };
  return v.parse(KeyIdSchema, createHash('sha256').update(JSON.stringify(members)).digest('base64url'));
}
