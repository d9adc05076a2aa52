import { CustomResource, Duration } from 'aws-cdk-lib';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Alg } from '../core/jose/algorithms.ts';
import { type KeyKeeping, keepKey } from './key-keeping.ts';

/** What KMS calls the key of each algorithm, and the algorithm. */
const KMS = {
  RS256: { keySpec: KeySpec.RSA_2048, signingAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' },
  RS384: { keySpec: KeySpec.RSA_2048, signingAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_384' },
  RS512: { keySpec: KeySpec.RSA_2048, signingAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_512' },
  PS256: { keySpec: KeySpec.RSA_2048, signingAlgorithm: 'RSASSA_PSS_SHA_256' },
  PS384: { keySpec: KeySpec.RSA_2048, signingAlgorithm: 'RSASSA_PSS_SHA_384' },
  PS512: { keySpec: KeySpec.RSA_2048, signingAlgorithm: 'RSASSA_PSS_SHA_512' },
  ES256: { keySpec: KeySpec.ECC_NIST_P256, signingAlgorithm: 'ECDSA_SHA_256' },
  ES384: { keySpec: KeySpec.ECC_NIST_P384, signingAlgorithm: 'ECDSA_SHA_384' },
  ES512: { keySpec: KeySpec.ECC_NIST_P521, signingAlgorithm: 'ECDSA_SHA_512' },
  EdDSA: { keySpec: KeySpec.ECC_NIST_EDWARDS25519, signingAlgorithm: 'ED25519_SHA_512' },
  'ML-DSA-44': { keySpec: KeySpec.ML_DSA_44, signingAlgorithm: 'ML_DSA_SHAKE_256' },
  'ML-DSA-65': { keySpec: KeySpec.ML_DSA_65, signingAlgorithm: 'ML_DSA_SHAKE_256' },
  'ML-DSA-87': { keySpec: KeySpec.ML_DSA_87, signingAlgorithm: 'ML_DSA_SHAKE_256' },
} as const satisfies Record<Alg, { readonly keySpec: KeySpec; readonly signingAlgorithm: string }>;

/** What KMS calls an algorithm. */
export function kmsSigningAlgorithm(alg: Alg): string {
  return KMS[alg].signingAlgorithm;
}

/** CloudFormation would wait an hour for a function that says nothing. */
export const PUBLICATION_TIMEOUT = Duration.minutes(2);

/** The id of the custom resource by which a key is published. */
const PUBLICATION = 'Publication';

/** What can be chosen of a key. */
export interface SigningKeyProps extends KeyKeeping {
  /** The key of its algorithm that is to be published, and so to sign, before it. */
  readonly follows?: SigningKey;
}

/** A KMS key that signs with one algorithm: its private half never leaves KMS. */
export class SigningKey extends Construct {
  readonly alg: Alg;
  readonly keyArn: string;
  /** What KMS calls the algorithm. */
  readonly signingAlgorithm: string;

  readonly #follows: SigningKey | undefined;

  constructor(scope: Construct, id: string, alg: Alg, { follows, ...keeping }: SigningKeyProps) {
    super(scope, id);
    const { keySpec, signingAlgorithm } = KMS[alg];
    const key = new Key(this, 'Key', {
      description: `Signs access tokens (${alg})`,
      keySpec,
      keyUsage: KeyUsage.SIGN_VERIFY,
      ...keepKey(keeping),
    });
    this.alg = alg;
    this.keyArn = key.keyArn;
    this.signingAlgorithm = signingAlgorithm;
    this.#follows = follows;
  }

  /** Has its public half in the JWKS from the first deploy on, and retired when the key leaves the stack. */
  publishBy(keyPublicationArn: string): void {
    const publication = new CustomResource(this, PUBLICATION, {
      resourceType: 'Custom::SigningKey',
      serviceToken: keyPublicationArn,
      serviceTimeout: PUBLICATION_TIMEOUT,
      properties: { Alg: this.alg, KeyArn: this.keyArn },
    });
    if (this.#follows) publication.node.addDependency(this.#follows.node.findChild(PUBLICATION));
  }
}
