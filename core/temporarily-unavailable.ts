import { OAuthError } from './oauth-error.ts';

/** Long enough for a burst to be over or a hook to start, short enough that no caller gives up. */
const RETRY_AFTER_SECONDS = 2;

/** The refusal while something that the issuer depends on cannot do its part (RFC 9110 §15.6.4); the reason is for the log. */
export function temporarilyUnavailable(cause: unknown, reason?: string): OAuthError {
  return new OAuthError('temporarily_unavailable', 'the issuer cannot answer just now: try again', {
    ...(reason === undefined ? {} : { reason }),
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
