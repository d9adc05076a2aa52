import { hash, timingSafeEqual } from 'node:crypto';
import { createRecognizableSecret } from '../recognizable-secret.ts';

const PREFIX = 'signet_registration_access_';

/** Makes a registration access token (RFC 7592 §1.2): by it one client reads, changes and deletes its registration. */
export function createRegistrationAccessToken(): string {
  return createRecognizableSecret(PREFIX);
}

/** Hashes a registration access token as it is kept: base64url of its SHA-256. */
export function hashRegistrationAccessToken(token: string): string {
  return hash('sha256', token, 'base64url');
}

/** Compares a presented token with the hash of a client's, in constant time, as if it had one also where it has none. */
export function matchesRegistrationAccessToken(presented: string, sha256: string | undefined): boolean {
  const presentedHash = Buffer.from(hashRegistrationAccessToken(presented));
  const isEqual = timingSafeEqual(presentedHash, Buffer.from(sha256 ?? hashRegistrationAccessToken('')));
  return isEqual && sha256 !== undefined;
}
