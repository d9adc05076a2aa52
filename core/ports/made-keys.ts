import type { SigningKey } from '../jose/signing-key.ts';

/** A private half that was made for a key set, and is not kept in it: it is there before its key is published, and after it is forgotten. */
export interface MadeKey extends Pick<SigningKey, 'private_key_reference'> {
  /** In seconds since the epoch. */
  readonly made_at: number;
}

/** Knows which private halves were made for a key set, whether or not it has their keys, and ends them. */
export interface MadeKeys {
  /** Those that were made for this key set and no other, and are not discarded. */
  list(): Promise<readonly MadeKey[]>;
  /** Has one sign no more, and end when that can have been noticed and undone. Discarding a discarded one changes nothing. */
  discard(key: MadeKey): Promise<void>;
}
