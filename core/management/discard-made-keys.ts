import { EMPTY_KEY_SET } from '../jose/signing-key.ts';
import { SIGNING_KEY_PUBLISHED_WITHIN_SECONDS } from '../limits.ts';
import type { MadeKey, MadeKeys } from '../ports/made-keys.ts';
import type { KeySetPorts } from './key-set-change.ts';

/**
 * Discards the private halves that no key needs any more, and tells which: their keys were removed or forgotten, or never published, for
 * who made them crashed before. It looks at what there is alone, so that it can itself be ended anywhere and begun anew.
 */
export async function discardMadeKeys({
  signingKeys,
  madeKeys,
  clock,
}: KeySetPorts & { readonly madeKeys: MadeKeys }): Promise<readonly MadeKey[]> {
  // In this order: what is made and published in between is not among them.
  const made = await madeKeys.list();
  const { version, keys } = await signingKeys.load();
  // A key set that is not there, as when its table was emptied, says of no key that it is needed.
  if (version === EMPTY_KEY_SET.version) return [];
  const needed = new Set(keys.map((key) => key.private_key_reference));
  const publishedBefore = clock() - SIGNING_KEY_PUBLISHED_WITHIN_SECONDS;
  const needless = made.filter(
    (key) => !needed.has(key.private_key_reference) && key.made_at <= publishedBefore,
  );
  for (const key of needless) await madeKeys.discard(key);
  return needless;
}
