import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { temporarilyUnavailable } from '../../core/temporarily-unavailable.ts';

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

/** Tells whether AWS failed a call for there being too many. */
export function isThrottled(error: unknown): boolean {
  return isSdkError(error) && isThrottlingError(error);
}

type SdkError = Parameters<typeof isTransientError>[0];

function isSdkError(error: unknown): error is SdkError {
  return error instanceof Error;
}

function isTemporary(error: SdkError): boolean {
  return isTransientError(error) || isThrottlingError(error) || isServerError(error);
}
