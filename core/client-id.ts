import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { base62 } from './base62.ts';
import { CLIENT_ID_MAX_CHARACTERS } from './limits.ts';

const CHARACTERS = /^[\x20-\x7e]+$/;

/** A client identifier: visible ASCII and space (RFC 6749 Appendix A.1), and not empty. */
export const ClientIdSchema = v.pipe(
  v.string(),
  v.regex(CHARACTERS, 'a client_id is printable ASCII'),
  v.maxLength(CLIENT_ID_MAX_CHARACTERS, `a client_id has at most ${CLIENT_ID_MAX_CHARACTERS} characters`),
  v.brand('ClientId'),
);

export type ClientId = v.InferOutput<typeof ClientIdSchema>;

/** Tells whether a string can be a client identifier: as the schema does, without what that costs each request. */
export function isClientId(value: string): value is ClientId {
  return value.length <= CLIENT_ID_MAX_CHARACTERS && CHARACTERS.test(value);
}

/** Makes a client identifier that no one has: 128 random bits in characters that no encoding changes. */
export function createClientId(): ClientId {
  return v.parse(ClientIdSchema, base62(randomBytes(16)));
}
