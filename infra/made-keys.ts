import { CustomResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Alg } from '../core/jose/algorithms.ts';
import { PUBLICATION_TIMEOUT } from './signing-key.ts';

/** Keys that sign in KMS and are none of the stack's: the rotation, or an operator, has them made while the issuer runs. */
export class MadeKeys extends Construct {
  readonly #algs: readonly Alg[];

  constructor(scope: Construct, id: string, algs: readonly Alg[]) {
    super(scope, id);
    this.#algs = algs;
  }

  /** Has those of an algorithm retired when it leaves the stack, or when its keys sign in KMS no more. */
  publishBy(keyPublicationArn: string): void {
    for (const alg of this.#algs) {
      new CustomResource(this, alg, {
        resourceType: 'Custom::MadeKeys',
        serviceToken: keyPublicationArn,
        serviceTimeout: PUBLICATION_TIMEOUT,
        properties: { Alg: alg },
      });
    }
  }
}

/** Has all of them deleted with a throw-away stack, by their tag: CloudFormation does not know them. */
export function discardWithStack(scope: Construct, signingKeyTag: string, keyPublicationArn: string): void {
  new CustomResource(scope, 'DiscardedKeys', {
    resourceType: 'Custom::DiscardedKeys',
    serviceToken: keyPublicationArn,
    serviceTimeout: PUBLICATION_TIMEOUT,
    properties: { SigningKeyTag: signingKeyTag },
  });
}
