import { type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { Signer } from '../../core/ports/signer.ts';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';
import { keyInThisRegion } from './key-in-this-region.ts';
import { kmsAlgorithm } from './signing-algorithms.ts';

/** Signs with keys that never leave KMS: one Sign a signature, by the key's ARN. */
export function kmsSigner(client: KMSClient): Signer {
  return {
    async sign(key, signingInput) {
      const { SigningAlgorithm, message, joseSignature } = kmsAlgorithm(key.alg);
      const command = new SignCommand({
        KeyId: keyInThisRegion(key.private_key_reference),
        ...message(signingInput, key),
        SigningAlgorithm,
      });
      const { Signature } = await orTemporarilyUnavailable(client.send(command));
      if (!Signature) throw new Error('KMS answered Sign without a signature');
      return joseSignature(Signature);
    },
  };
}
