import { randomBytes } from 'node:crypto';

/** 128 random bits never meet. */
const JTI_BYTES = 16;

/** To draw random bytes costs the same for one identifier as for many. */
const JTIS_PER_DRAW = 64;

let drawn = Buffer.alloc(0);

/** Makes a token identifier that no other token has (RFC 7519 §4.1.7). */
export function createJti(): string {
  if (drawn.length === 0) drawn = randomBytes(JTI_BYTES * JTIS_PER_DRAW);
  const jti = drawn.toString('base64url', 0, JTI_BYTES);
  drawn = drawn.subarray(JTI_BYTES);
  return jti;
}
