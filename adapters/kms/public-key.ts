import { createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import * as v from 'valibot';
import { type PublicJwk, PublicJwkSchema } from '../../core/signing-key.ts';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';

/** Reads the public half of a KMS key. */
export async function readPublicKey(client: KMSClient, keyArn: string): Promise<PublicJwk> {
  const { PublicKey } = await orTemporarilyUnavailable(
    client.send(new GetPublicKeyCommand({ KeyId: keyArn })),
  );
  if (!PublicKey) throw new Error('KMS answered GetPublicKey without a key');
  const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
  return v.parse(PublicJwkSchema, key.export({ format: 'jwk' }));
}
