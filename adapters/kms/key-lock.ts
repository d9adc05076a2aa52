import { DisableKeyCommand, type KMSClient, KMSInvalidStateException } from '@aws-sdk/client-kms';
import type { KeyLock } from '../../core/ports/key-lock.ts';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';
import { isDataKeyPair } from './data-key-pair.ts';
import { keyInThisRegion } from './key-in-this-region.ts';

/** Disables keys that sign in KMS. A key pair cannot be: the key that it is encrypted under is that of others too. */
export function kmsKeyLock(client: KMSClient): KeyLock {
  return {
    reaches: (key) => !isDataKeyPair(key),
    async lock({ private_key_reference }) {
      const command = new DisableKeyCommand({ KeyId: keyInThisRegion(private_key_reference) });
      try {
        await orTemporarilyUnavailable(client.send(command));
      } catch (error) {
        // Its deletion is scheduled: it signs no more as it is.
        if (!(error instanceof KMSInvalidStateException)) throw error;
      }
    },
  };
}
