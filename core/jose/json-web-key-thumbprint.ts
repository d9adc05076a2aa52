import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { type KeyId, KeyIdSchema, type PublicJwk } from './signing-key.ts';

/** The members that a thumbprint is of, in lexicographic order (RFC 7638 §3.2, RFC 8037 §2, RFC 9964). */
const REQUIRED_MEMBERS = {
  RSA: ['e', 'kty', 'n'],
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  AKP: ['alg', 'kty', 'pub'],
} as const satisfies Record<PublicJwk['kty'], readonly string[]>;

/** The thumbprint of a public key, base64url of its SHA-256 (RFC 7638 §3): what Signet identifies its keys by. */
export function thumbprint(jwk: PublicJwk): KeyId {
  const members = JSON.stringify(jwk, [...REQUIRED_MEMBERS[jwk.kty]]);
  return v.parse(KeyIdSchema, createHash('sha256').update(members).digest('base64url'));
}
