import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { base62 } from './base62.ts';
import type { StoredSecret } from './client.ts';

/** Secret scanners find leaked secrets by this prefix and know them by the checksum behind them. */
const PREFIX = 'signet_secret_';
const RANDOM_BYTES = 32;
const RANDOM_CHARACTERS = 43;
const CHECKSUM_CHARACTERS = 6;

/** Compared with when there is no client or no secret, so that a refusal costs the same whatever it is for. */
const NOBODYS_SECRET: StoredSecret = { secret_id: '', sha256: hashClientSecret(''), created_at: 0 };

/** Makes a client secret: the prefix, 256 random bits and a CRC-32, all in characters that no encoding changes. */
export function createClientSecret(): string {
  const random = base62(randomBytes(RANDOM_BYTES));
  return PREFIX + random + checksum(random);
}

/** Tells whether a string is a secret of Signet's making, by its form and checksum. */
export function isClientSecret(value: string): boolean {
  const random = value.slice(PREFIX.length, -CHECKSUM_CHARACTERS);
  return value === PREFIX + random + checksum(random) && random.length === RANDOM_CHARACTERS;
}

/** Hashes a secret as it is kept: base64url of its SHA-256. */
export function hashClientSecret(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/**
 * Compares a presented secret with all that a client has, each in constant time and none skipped, so that time tells
 * neither which one matched nor whether the client exists.
 */
export function matchClientSecret(
  presented: string,
  stored: readonly StoredSecret[] | undefined,
  now: number,
): 'match' | 'expired' | 'mismatch' {
  const presentedHash = Buffer.from(hashClientSecret(presented));
  const candidates = stored && stored.length > 0 ? stored : [NOBODYS_SECRET];
  const matches = candidates.filter(
    (secret) => timingSafeEqual(presentedHash, Buffer.from(secret.sha256)) && secret !== NOBODYS_SECRET,
  );
  if (matches.some((secret) => isSecretActive(secret, now))) return 'match';
  return matches.length > 0 ? 'expired' : 'mismatch';
}

/** Tells whether a stored secret still opens anything at `now`. */
export function isSecretActive(secret: Pick<StoredSecret, 'expires_at'>, now: number): boolean {
  return secret.expires_at === undefined || now < secret.expires_at;
}

function checksum(random: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(random));
  return base62(bytes);
}
