import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { temporarilyUnavailable } from '../../core/temporarily-unavailable.ts';

/**
 * Waits for a call of AWS, and says of its failure whether trying again can help.
 *
 * @throws OAuthError `temporarily_unavailable` when AWS is slow, unreachable, throttles, breaks or cannot be understood; any other error
 * as it is
 */
export async function orTemporarilyUnavailable<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!isSdkError(error)) throw error;
    if (isUnreadable(error)) throw temporarilyUnavailable(new Error('AWS answered what cannot be read'));
    if (!isTemporary(error)) throw error;
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

/** Tells of an answer that is no HTTP, or none of the service. The error quotes it, and there may be a key in it: the log gets another. */
function isUnreadable(error: SdkError): boolean {
  const isNoHttp = 'code' in error && String(error.code).startsWith('HPE_');
  return isNoHttp || ('$response' in error && !('$fault' in error));
}

function isTemporary(error: SdkError): boolean {
  return isTransientError(error) || isThrottlingError(error) || isServerError(error);
}
