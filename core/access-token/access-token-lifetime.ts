import * as v from 'valibot';
import { ACCESS_TOKEN_LIFETIME_MAX_SECONDS, ACCESS_TOKEN_LIFETIME_MIN_SECONDS } from '../limits.ts';

/** How many seconds an access token lives. */
export const AccessTokenLifetimeSchema = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(
    ACCESS_TOKEN_LIFETIME_MIN_SECONDS,
    `a token lives at least ${ACCESS_TOKEN_LIFETIME_MIN_SECONDS} seconds`,
  ),
  v.maxValue(
    ACCESS_TOKEN_LIFETIME_MAX_SECONDS,
    `a token lives at most ${ACCESS_TOKEN_LIFETIME_MAX_SECONDS} seconds`,
  ),
);
