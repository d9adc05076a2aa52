import type { SigningKey } from '../core/jose/signing-key.ts';
import type { ManagedStore } from './managed-store.ts';

/** Locks the private half of a key that was taken out, and says so to the operator who may not. */
export async function lockPrivateHalf(
  key: SigningKey,
  { keyLock }: Pick<ManagedStore, 'keyLock'>,
): Promise<void> {
  if (!keyLock?.reaches(key)) return;
  try {
    await keyLock.lock(key);
  } catch (error) {
    process.stderr.write(
      `KMS did not disable the key (${String(error)}): whoever may use it can still sign with it, as functions do that keep the key set. Have somebody who may do it: aws kms disable-key --key-id ${key.private_key_reference}\n`,
    );
  }
}
