import type { Clock } from '../../core/clock.ts';
import { STALE_IF_ERROR_MAX_SECONDS, STALE_IF_ERROR_RETRY_SECONDS } from '../../core/limits.ts';
import { OAuthError } from '../../core/oauth-error.ts';

/** What was read, and when. */
export interface Kept<Item> {
  readonly item: Item;
  readonly readAt: number;
}

/** Reads, or has what was read before do in its place. */
export type StaleIfError = <Item>(kept: Kept<Item> | undefined, read: () => Promise<Item>) => Promise<Item>;

/**
 * While a store does not answer, has what was read of it do for `STALE_IF_ERROR_MAX_SECONDS` (RFC 5861 §4). It is asked again after
 * `STALE_IF_ERROR_RETRY_SECONDS`, so that one request waits for it and not each; `report` is told each time why it did not answer.
 *
 * That it denies access is an answer: an operator may have meant that.
 */
export function staleIfError(clock: Clock, report: (fault: unknown) => void): StaleIfError {
  let askAgainAt = 0;
  return async (kept, read) => {
    const now = clock();
    const stale = kept && now - kept.readAt < STALE_IF_ERROR_MAX_SECONDS ? kept : undefined;
    if (stale && now < askAgainAt) return stale.item;
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof OAuthError) || error.code !== 'temporarily_unavailable') throw error;
      askAgainAt = clock() + STALE_IF_ERROR_RETRY_SECONDS;
      if (!stale) throw error;
      report(error.cause);
      return stale.item;
    }
  };
}
