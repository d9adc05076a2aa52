import { GenerateMacCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { SecretDerivation } from '../../core/ports/secret-derivation.ts';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';

/** Derives secrets by an HMAC key that never leaves KMS: one GenerateMac a secret. */
export function kmsSecretDerivation(client: KMSClient, keyArn: string): SecretDerivation {
  return {
    async derive(name) {
      const command = new GenerateMacCommand({
        KeyId: keyArn,
        Message: Buffer.from(name),
        MacAlgorithm: 'HMAC_SHA_512',
      });
      const { Mac } = await orTemporarilyUnavailable(client.send(command));
      if (!Mac) throw new Error('KMS answered GenerateMac without a MAC');
      return Mac;
    },
  };
}
