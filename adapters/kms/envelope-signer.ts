import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { DecryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import * as v from 'valibot';
import { keyWithOptions, signingAlgorithm } from '../../core/jose/algorithms.ts';
import { thumbprint } from '../../core/jose/json-web-key-thumbprint.ts';
import { type KeyId, PublicJwkSchema, type SigningKey } from '../../core/jose/signing-key.ts';
import type { Signer } from '../../core/ports/signer.ts';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';
import { encryptedPrivateKey, encryptionContext } from './data-key-pair.ts';

/**
 * Signs in this process with key pairs that KMS made: one Decrypt for each key, and no call of AWS after it.
 *
 * Private halves are in memory alone, as keys that node:crypto does not print.
 */
export function envelopeSigner(client: KMSClient): Signer {
  const keyObjects = new Map<KeyId, Promise<KeyObject>>();

  const privateKey = (key: SigningKey): Promise<KeyObject> => {
    const known = keyObjects.get(key.kid);
    if (known) return known;
    const decrypting = decryptPrivateKey(client, key);
    keyObjects.set(key.kid, decrypting);
    // What failed is tried again with the next token.
    decrypting.catch(() => keyObjects.delete(key.kid));
    return decrypting;
  };

  return {
    async sign(key, signingInput) {
      const { digest } = signingAlgorithm(key.alg);
      return sign(digest, signingInput, await privateKey(key));
    },
  };
}

async function decryptPrivateKey(client: KMSClient, key: SigningKey): Promise<KeyObject> {
  const command = new DecryptCommand({
    CiphertextBlob: encryptedPrivateKey(key),
    EncryptionContext: encryptionContext(key.alg),
  });
  const { Plaintext } = await orTemporarilyUnavailable(client.send(command));
  if (!Plaintext) throw new Error('KMS answered Decrypt without a key');
  const privateKey = createPrivateKey({ key: Buffer.from(Plaintext), format: 'der', type: 'pkcs8' });
  Plaintext.fill(0);
  // Whoever could write the key set, and nothing else, could put another key of ours under this kid.
  const publicJwk = v.parse(PublicJwkSchema, createPublicKey(privateKey).export({ format: 'jwk' }));
  if (thumbprint(publicJwk) !== key.kid) throw new Error(`the private key of ${key.kid} is that of another`);
  return keyWithOptions(privateKey, key.alg);
}
