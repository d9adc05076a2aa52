import { CustomResource } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { type Alg, signingAlgorithm } from '../core/jose/algorithms.ts';
import { type KeyKeeping, keepKey } from './key-keeping.ts';
import { PUBLICATION_TIMEOUT } from './signing-key.ts';

/** Key pairs that KMS makes and functions sign with: their private halves are encrypted under one key that never leaves KMS. */
export class EnvelopeKeys extends Construct {
  readonly algs: readonly Alg[];
  readonly wrappingKeyArn: string;

  constructor(scope: Construct, id: string, algs: readonly Alg[], keeping: KeyKeeping) {
    super(scope, id);
    const wrappingKey = new Key(this, 'WrappingKey', {
      description: 'Encrypts the keys that sign access tokens',
      enableKeyRotation: true,
      ...keepKey(keeping),
    });
    this.algs = algs;
    this.wrappingKeyArn = wrappingKey.keyArn;
  }

  /** Has a key pair for each algorithm made and published at the first deploy, and retired when its algorithm leaves the stack. */
  publishBy(keyPublicationArn: string): void {
    for (const alg of this.algs) {
      new CustomResource(this, alg, {
        resourceType: 'Custom::EnvelopeKey',
        serviceToken: keyPublicationArn,
        serviceTimeout: PUBLICATION_TIMEOUT,
        properties: { Alg: alg, WrappingKeyArn: this.wrappingKeyArn },
      });
    }
  }
}

/** Tells whether KMS makes key pairs for an algorithm: it makes none for ML-DSA. */
export function hasEnvelopeKeys(alg: Alg): boolean {
  return signingAlgorithm(alg).key.kty !== 'AKP';
}
