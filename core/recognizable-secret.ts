import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { base62 } from './base62.ts';

const RANDOM_BYTES = 32;
const RANDOM_CHARACTERS = 43;
const CHECKSUM_CHARACTERS = 6;

/**
 * Makes a secret that scanners find by its prefix and know by the checksum behind it: the prefix, 256 random bits and a CRC-32,
 * all in characters that no encoding changes.
 */
export function createRecognizableSecret(prefix: string): string {
  return recognizableSecret(prefix, randomBytes(RANDOM_BYTES));
}

/** Writes bytes that nobody can guess as such a secret. */
export function recognizableSecret(prefix: string, bytes: Uint8Array): string {
  const random = base62(bytes);
  return prefix + random + checksum(random);
}

/** Tells whether a string is such a secret with this prefix, by its form and checksum. */
export function isRecognizableSecret(prefix: string, value: string): boolean {
  const random = value.slice(prefix.length, -CHECKSUM_CHARACTERS);
  return random.length === RANDOM_CHARACTERS && value === prefix + random + checksum(random);
}

function checksum(random: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(random));
  return base62(bytes);
}
