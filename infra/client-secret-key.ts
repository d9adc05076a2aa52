import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { type KeyKeeping, keepKey } from './key-keeping.ts';

/** The KMS key that secrets for `client_secret_jwt` are derived by: it never leaves KMS. */
export class ClientSecretKey extends Construct {
  readonly keyArn: string;

  constructor(scope: Construct, id: string, keeping: KeyKeeping) {
    super(scope, id);
    const { keyArn } = new Key(this, 'Key', {
      description: 'Derives the secrets of clients that authenticate by client_secret_jwt',
      keySpec: KeySpec.HMAC_512,
      keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
      ...keepKey(keeping),
    });
    this.keyArn = keyArn;
  }
}
