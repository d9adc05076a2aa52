import type { Clock } from '../../core/clock.ts';
import { EMPTY_KEY_SET, type KeySet } from '../../core/jose/signing-key.ts';
import { KEY_SET_MAX_AGE_SECONDS } from '../../core/limits.ts';
import type { SigningKeyReader } from '../../core/ports/signing-key-store.ts';
import type { Kept, StaleIfError } from './stale-if-error.ts';

/**
 * Keeps the key set that a reader loads for `KEY_SET_MAX_AGE_SECONDS`, and longer while the store does not answer; one without keys is asked
 * for again at once.
 */
export function cachedSigningKeyReader(
  reader: SigningKeyReader,
  clock: Clock,
  orStale: StaleIfError,
): SigningKeyReader {
  let kept: Kept<KeySet> | undefined;
  return {
    async load() {
      const now = clock();
      if (kept && now - kept.readAt < KEY_SET_MAX_AGE_SECONDS) return kept.item;
      return orStale(kept, async () => {
        const keySet = await reader.load();
        kept = keySet.version === EMPTY_KEY_SET.version ? undefined : { item: keySet, readAt: now };
        return keySet;
      });
    },
  };
}
