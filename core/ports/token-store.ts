import type { AccessTokenClaims } from '../access-token/access-token-claims.ts';

/** Keeps what reference tokens say: all that whoever issues them does with a store. */
export interface ReferenceTokenWriter {
  /** Keeps the claims of a reference token under their `jti`, at least until they expire. */
  add(claims: AccessTokenClaims): Promise<void>;
}

/** Tells what is kept of tokens. */
export interface TokenReader {
  /** The claims that were kept under this `jti`, also of a revoked token; undefined when there are none. */
  find(jti: string): Promise<AccessTokenClaims | undefined>;
  isRevoked(jti: string): Promise<boolean>;
}

/** Keeps what reference tokens say, and remembers which tokens ended before their time. */
export interface TokenStore extends ReferenceTokenWriter, TokenReader {
  /** Revokes the token with this `jti`, which would have expired at `expiresAt` (seconds since the epoch); again is no fault. */
  revoke(jti: string, expiresAt: number): Promise<void>;
}
