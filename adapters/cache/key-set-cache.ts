import type { Clock } from '../../core/clock.ts';
import { EMPTY_KEY_SET, type KeySet } from '../../core/jose/signing-key.ts';
import { KEY_SET_MAX_AGE_SECONDS } from '../../core/limits.ts';
import type { SigningKeyReader } from '../../core/ports/signing-key-store.ts';

/** Keeps the key set that a reader loads for `KEY_SET_MAX_AGE_SECONDS`; one without keys is asked for again at once. */
export function cachedSigningKeyReader(reader: SigningKeyReader, clock: Clock): SigningKeyReader {
  let kept: { readonly keySet: KeySet; readonly loadedAt: number } | undefined;
  return {
    async load() {
      const now = clock();
      if (kept && now - kept.loadedAt < KEY_SET_MAX_AGE_SECONDS) return kept.keySet;
      const keySet = await reader.load();
      kept = keySet.version === EMPTY_KEY_SET.version ? undefined : { keySet, loadedAt: now };
      return keySet;
    },
  };
}
