import type { KeySet } from '../jose/signing-key.ts';

/** Knows the issuer's public signing keys and their times. */
export interface SigningKeyReader {
  /** The key set; an empty one of version 0 before the first key. */
  load(): Promise<KeySet>;
}

/** Keeps the issuer's public signing keys and their times as one document, so that no two changes of it can cross. */
export interface SigningKeyStore extends SigningKeyReader {
  /** Puts a key set in the place of the version before it; `false` when that is not what is there. */
  replace(keySet: KeySet): Promise<boolean>;
}
