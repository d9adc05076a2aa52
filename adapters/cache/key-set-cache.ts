import type { Clock } from '../../core/clock.ts';
import { EMPTY_KEY_SET, type KeySet } from '../../core/jose/signing-key.ts';
import {
  KEY_SET_MAX_AGE_SECONDS,
  KEY_SET_REFRESH_AGE_SECONDS,
  STALE_IF_ERROR_RETRY_SECONDS,
} from '../../core/limits.ts';
import type { SigningKeyReader } from '../../core/ports/signing-key-store.ts';
import type { Kept, StaleIfError } from './stale-if-error.ts';

/**
 * Keeps the key set that a reader loads for `KEY_SET_MAX_AGE_SECONDS`, and longer while the store does not answer; one without keys is asked
 * for again at once.
 *
 * From `KEY_SET_REFRESH_AGE_SECONDS` on it is read anew, and nobody waits for that: where it fails, or Lambda holds it up between two
 * requests, the key set that is there is as good as before until it is too old.
 */
export function cachedSigningKeyReader(
  reader: SigningKeyReader,
  clock: Clock,
  orStale: StaleIfError,
): SigningKeyReader {
  let kept: Kept<KeySet> | undefined;
  let refreshAgainAt = 0;

  const read = async (now: number): Promise<KeySet> => {
    const item = await reader.load();
    // One that was held up does not take the place of what was read after it.
    if (kept === undefined || kept.readAt <= now)
      kept = item.version === EMPTY_KEY_SET.version ? undefined : { item, readAt: now };
    return item;
  };
  return {
    async load() {
      const now = clock();
      if (kept === undefined || now - kept.readAt >= KEY_SET_MAX_AGE_SECONDS)
        return orStale(kept, () => read(now));
      if (now - kept.readAt >= KEY_SET_REFRESH_AGE_SECONDS && now >= refreshAgainAt) {
        refreshAgainAt = now + STALE_IF_ERROR_RETRY_SECONDS;
        read(now).catch(() => {});
      }
      return kept.item;
    },
  };
}
