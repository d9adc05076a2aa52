import type { KMSClient } from '@aws-sdk/client-kms';
import type { KeyMaker } from '../../core/ports/key-maker.ts';
import { generateDataKeyPair, isDataKeyPair } from './data-key-pair.ts';

/** Has KMS make key pairs under a symmetric key. */
export function envelopeKeyMaker(client: KMSClient, wrappingKeyArn: string): KeyMaker {
  return {
    make: (alg) => generateDataKeyPair(client, wrappingKeyArn, alg),
    makesSuch: isDataKeyPair,
  };
}
