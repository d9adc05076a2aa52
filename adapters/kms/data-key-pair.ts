import { GenerateDataKeyPairWithoutPlaintextCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { Alg } from '../../core/jose/algorithms.ts';
import type { SigningKey } from '../../core/jose/signing-key.ts';
import type { KeyMaterial } from '../../core/ports/key-maker.ts';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';
import { dataKeyPairSpec } from './key-specs.ts';
import { publicJwkOf } from './public-key.ts';

/** Before the private half of a key pair, where a key that stays in KMS has its ARN. */
const PREFIX = 'envelope:';

/** Has KMS make a key pair whose private half is encrypted under a symmetric key, and never seen while it is made. */
export async function generateDataKeyPair(
  client: KMSClient,
  wrappingKeyArn: string,
  alg: Alg,
): Promise<KeyMaterial> {
  const command = new GenerateDataKeyPairWithoutPlaintextCommand({
    KeyId: wrappingKeyArn,
    KeyPairSpec: dataKeyPairSpec(alg),
    EncryptionContext: encryptionContext(alg),
  });
  const { PublicKey, PrivateKeyCiphertextBlob } = await orTemporarilyUnavailable(client.send(command));
  if (!PublicKey || !PrivateKeyCiphertextBlob)
    throw new Error('KMS made a key pair without one of its halves');
  return {
    alg,
    public_jwk: publicJwkOf(PublicKey),
    private_key_reference: PREFIX + Buffer.from(PrivateKeyCiphertextBlob).toString('base64url'),
  };
}

/** Tells whether a key refers to an encrypted private half. */
export function isDataKeyPair({ private_key_reference }: SigningKey): boolean {
  return private_key_reference.startsWith(PREFIX);
}

/** The encrypted private half that such a key refers to. */
export function encryptedPrivateKey({ private_key_reference }: SigningKey): Buffer {
  return Buffer.from(private_key_reference.slice(PREFIX.length), 'base64url');
}

/** What a private half is encrypted with and decrypts with alone: it is a key of one algorithm, and IAM can tell. */
export function encryptionContext(alg: Alg): Readonly<Record<string, string>> {
  return { alg };
}
