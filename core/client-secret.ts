import { hash, timingSafeEqual } from 'node:crypto';
import type { StoredSecret } from './client.ts';
import type { SecretDerivation } from './ports/secret-derivation.ts';
import { createRecognizableSecret, isRecognizableSecret, recognizableSecret } from './recognizable-secret.ts';

const PREFIX = 'signet_secret_';

/** Compared with when there is no client or no secret, so that a refusal costs the same whatever it is for. */
const NOBODYS_SECRET: StoredSecret = { secret_id: '', sha256: hashClientSecret(''), created_at: 0 };

/** Makes a client secret. */
export function createClientSecret(): string {
  return createRecognizableSecret(PREFIX);
}

/**
 * Derives the secret of a client that goes by this identifier: the same again whenever it is needed, so that it is never kept.
 *
 * It has 512 bits, as HS512 asks for (RFC 7518 §3.2).
 */
export async function deriveClientSecret(
  client_id: string,
  secret_id: string,
  derivation: SecretDerivation,
): Promise<string> {
  return recognizableSecret(PREFIX, await derivation.derive(JSON.stringify([client_id, secret_id])));
}

/** Tells whether a string is a secret of Signet's making, by its form and checksum. */
export function isClientSecret(value: string): boolean {
  return isRecognizableSecret(PREFIX, value);
}

/** Hashes a secret as it is kept: base64url of its SHA-256. */
export function hashClientSecret(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** What a presented secret was found to be; with the secret of the client that it is. */
export type SecretMatch =
  | { readonly match: 'match'; readonly secret: StoredSecret }
  | { readonly match: 'expired' | 'mismatch'; readonly secret?: undefined };

/**
 * Compares a presented secret with all that a client has, each in constant time and none skipped, so that time tells
 * neither which one matched nor whether the client exists.
 */
export function matchClientSecret(
  presented: string,
  stored: readonly StoredSecret[] | undefined,
  now: number,
): SecretMatch {
  const presentedHash = hash('sha256', presented, 'buffer');
  const candidates = stored && stored.length > 0 ? stored : [NOBODYS_SECRET];
  const matches = candidates.filter(
    (secret) =>
      timingSafeEqual(presentedHash, Buffer.from(secret.sha256, 'base64url')) && secret !== NOBODYS_SECRET,
  );
  const secret = matches.find((candidate) => isSecretActive(candidate, now));
  if (secret) return { match: 'match', secret };
  return { match: matches.length > 0 ? 'expired' : 'mismatch' };
}

/** Tells whether a stored secret still opens anything at `now`. */
export function isSecretActive(secret: Pick<StoredSecret, 'expires_at'>, now: number): boolean {
  return secret.expires_at === undefined || now < secret.expires_at;
}
