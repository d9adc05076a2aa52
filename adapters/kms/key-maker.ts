import { CreateKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { KeyMaker } from '../../core/ports/key-maker.ts';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';
import { generateDataKeyPair, isDataKeyPair } from './data-key-pair.ts';
import { keySpec } from './key-specs.ts';
import { KEY_SET_TAG } from './made-keys.ts';
import { readSigningKey } from './public-key.ts';

/** Has KMS make key pairs under a symmetric key. */
export function envelopeKeyMaker(client: KMSClient, wrappingKeyArn: string): KeyMaker {
  return {
    make: (alg) => generateDataKeyPair(client, wrappingKeyArn, alg),
    makesSuch: isDataKeyPair,
  };
}

/**
 * Has KMS make keys that never leave it, by whose tag IAM knows for which key set they are, and the issuer which are its own.
 *
 * What KMS made and could not answer is made once more with the next try: nobody publishes the first, and it is discarded.
 */
export function kmsKeyMaker(client: KMSClient, keySetTag: string): KeyMaker {
  return {
    async make(alg) {
      const command = new CreateKeyCommand({
        Description: `Signs access tokens (${alg})`,
        KeySpec: keySpec(alg),
        KeyUsage: 'SIGN_VERIFY',
        Tags: [{ TagKey: KEY_SET_TAG, TagValue: keySetTag }],
      });
      const { KeyMetadata } = await orTemporarilyUnavailable(client.send(command));
      if (!KeyMetadata?.Arn) throw new Error('KMS answered CreateKey without an ARN');
      return readSigningKey(client, KeyMetadata.Arn, alg);
    },
    makesSuch: (key) => !isDataKeyPair(key),
  };
}
