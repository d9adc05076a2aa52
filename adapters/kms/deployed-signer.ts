import type { KMSClient } from '@aws-sdk/client-kms';
import type { Signer } from '../../core/ports/signer.ts';
import { isDataKeyPair } from './data-key-pair.ts';
import { envelopeSigner } from './envelope-signer.ts';
import { kmsSigner } from './signer.ts';

/** Signs with either kind of key, for an issuer that changes over from one to the other has both. */
export function deployedSigner(client: KMSClient): Signer {
  const inKms = kmsSigner(client);
  const inMemory = envelopeSigner(client);
  return {
    sign(key, signingInput) {
      const signer = isDataKeyPair(key) ? inMemory : inKms;
      return signer.sign(key, signingInput);
    },
  };
}
