import { hash } from 'node:crypto';
import * as v from 'valibot';
import { base62 } from '../base62.ts';
import { INITIAL_ACCESS_TOKEN_USES_MAX, NAME_MAX_CHARACTERS } from '../limits.ts';
import { createRecognizableSecret, isRecognizableSecret } from '../recognizable-secret.ts';
import { RegistrationPolicySchema } from './registration-policy.ts';

const PREFIX = 'signet_initial_access_';

/** What an initial access token is kept under: its SHA-256, so that the token itself is kept nowhere. */
export const InitialAccessTokenIdSchema = v.pipe(
  v.string(),
  v.regex(/^[0-9A-Za-z]{43}$/, 'an initial_access_token_id is 43 letters and digits, as list shows it'),
  v.brand('InitialAccessTokenId'),
);

export type InitialAccessTokenId = v.InferOutput<typeof InitialAccessTokenIdSchema>;

/** An initial access token (RFC 7591 §1.2) as it is stored and shown: how many clients may register by it, until when, and as what. */
export const InitialAccessTokenSchema = v.strictObject({
  initial_access_token_id: InitialAccessTokenIdSchema,
  name: v.exactOptional(
    v.pipe(
      v.string(),
      v.maxLength(NAME_MAX_CHARACTERS, `a name has at most ${NAME_MAX_CHARACTERS} characters`),
    ),
  ),
  created_at: v.number(),
  /** Seconds since the epoch. */
  expires_at: v.number(),
  /** How many clients may still register by it. */
  uses_left: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(0),
    v.maxValue(
      INITIAL_ACCESS_TOKEN_USES_MAX,
      `an initial access token is good for 1 to ${INITIAL_ACCESS_TOKEN_USES_MAX} uses`,
    ),
  ),
  policy: RegistrationPolicySchema,
  version: v.number(),
});

export type InitialAccessToken = v.InferOutput<typeof InitialAccessTokenSchema>;

/** Makes an initial access token. */
export function createInitialAccessToken(): string {
  return createRecognizableSecret(PREFIX);
}

/** What a string is kept under when it is an initial access token of Signet's making, by its form and checksum. */
export function initialAccessTokenId(token: string): InitialAccessTokenId | undefined {
  if (!isRecognizableSecret(PREFIX, token)) return undefined;
  return v.parse(InitialAccessTokenIdSchema, base62(hash('sha256', token, 'buffer')));
}
