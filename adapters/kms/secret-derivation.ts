import { GenerateMacCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { SecretDerivation } from '../../core/ports/secret-derivation.ts';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';
import { readSetting, SETTINGS } from '../environment.ts';

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

/** The same by the key that a function was given; undefined where the issuer has none, and no client is made for it then. */
export function configuredSecretDerivation(makeClient: () => KMSClient): SecretDerivation | undefined {
  const keyArn = readSetting(SETTINGS.clientSecretKey);
  return keyArn === undefined ? undefined : kmsSecretDerivation(makeClient(), keyArn);
}
