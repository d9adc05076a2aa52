import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { OAuthError } from '../../core/oauth-error.ts';

/** Long enough for a burst to be over, short enough that no caller gives up. */
const RETRY_AFTER_SECONDS = 2;

/**
 * Waits for a call of AWS, and says of its failure whether trying again can help.
 *
 * @throws OAuthError `temporarily_unavailable` when AWS is slow, unreachable, throttles or breaks; any other error as it is
 */
export async function orTemporarilyUnavailable<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!isSdkError(error) || !isTemporary(error)) throw error;
    throw temporarilyUnavailable(error);
  }
}

/** The answer while AWS cannot do its part. */
export function temporarilyUnavailable(cause: unknown): OAuthError {
  return new OAuthError('temporarily_unavailable', 'the issuer cannot answer just now: try again', {
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

type SdkError = Parameters<typeof isTransientError>[0];

function isSdkError(error: unknown): error is SdkError {
  return error instanceof Error;
}

function isTemporary(error: SdkError): boolean {
  return isTransientError(error) || isThrottlingError(error) || isServerError(error);
}
