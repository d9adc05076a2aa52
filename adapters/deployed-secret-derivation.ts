import type { SecretDerivation } from '../core/ports/secret-derivation.ts';

/** The derivation of secrets by a key in KMS, where the issuer has one; for commands, which load KMS only then. */
export async function deployedSecretDerivation(
  keyArn: string | undefined,
): Promise<SecretDerivation | undefined> {
  if (keyArn === undefined) return undefined;
  const { createKmsClient } = await import('./kms/client.ts');
  const { kmsSecretDerivation } = await import('./kms/secret-derivation.ts');
  return kmsSecretDerivation(createKmsClient(), keyArn);
}
