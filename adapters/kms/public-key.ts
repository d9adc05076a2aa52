import { createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import * as v from 'valibot';
import type { Alg } from '../../core/jose/algorithms.ts';
import { type PublicJwk, PublicJwkSchema } from '../../core/jose/signing-key.ts';
import type { KeyMaterial } from '../../core/ports/key-maker.ts';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';

/** Reads the public half of a key that signs in KMS. */
export async function readSigningKey(client: KMSClient, keyArn: string, alg: Alg): Promise<KeyMaterial> {
  const { PublicKey } = await orTemporarilyUnavailable(
    client.send(new GetPublicKeyCommand({ KeyId: keyArn })),
  );
  if (!PublicKey) throw new Error('KMS answered GetPublicKey without a key');
  return { alg, public_jwk: publicJwkOf(PublicKey), private_key_reference: keyArn };
}

/** The JWK of a public key as KMS tells it: the DER of its SubjectPublicKeyInfo (RFC 5280 §4.1). */
export function publicJwkOf(spki: Uint8Array): PublicJwk {
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  return v.parse(PublicJwkSchema, key.export({ format: 'jwk' }));
}
