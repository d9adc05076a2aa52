import type { SigningKey } from '../jose/signing-key.ts';

/** Has private halves sign no more where they are, whoever else may sign with them. */
export interface KeyLock {
  /** Tells whether the private half of this key is where it can be locked. */
  reaches(key: SigningKey): boolean;
  /** Has it sign no more. Locking a locked one changes nothing. */
  lock(key: SigningKey): Promise<void>;
}
