/** Remembers which tokens ended before their time. */
export interface TokenStore {
  /** Revokes the token with this `jti`, which would have expired at `expiresAt` (seconds since the epoch); again is no fault. */
  revoke(jti: string, expiresAt: number): Promise<void>;
  isRevoked(jti: string): Promise<boolean>;
}
