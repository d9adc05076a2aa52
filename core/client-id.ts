import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { base62 } from './base62.ts';
import { CLIENT_ID_MAX_CHARACTERS } from './limits.ts';

/** A client identifier: visible ASCII and space (RFC 6749 Appendix A.1), and not empty. */
export const ClientIdSchema = v.pipe(
  v.string(),
  v.regex(/^[\x20-\x7e]+$/, 'a client_id is printable ASCII'),
  v.maxLength(CLIENT_ID_MAX_CHARACTERS, `a client_id has at most ${CLIENT_ID_MAX_CHARACTERS} characters`),
  v.brand('ClientId'),
);

export type ClientId = v.InferOutput<typeof ClientIdSchema>;

/** Makes a client identifier that no one has: 128 random bits in characters that no encoding changes. */
export function createClientId(): ClientId {
  return v.parse(ClientIdSchema, base62(randomBytes(16)));
}
