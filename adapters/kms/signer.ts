import { createHash } from 'node:crypto';
import { type KMSClient, SignCommand, type SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import { type Alg, signingAlgorithm } from '../../core/algorithms.ts';
import type { Signer } from '../../core/ports/signer.ts';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';
import { joseSignature } from './ecdsa-signature.ts';

/** What KMS calls the algorithms. */
const SIGNING_ALGORITHM_SPECS = {
  RS256: 'RSASSA_PKCS1_V1_5_SHA_256',
  PS256: 'RSASSA_PSS_SHA_256',
  ES256: 'ECDSA_SHA_256',
  ES384: 'ECDSA_SHA_384',
} as const satisfies Record<Alg, SigningAlgorithmSpec>;

/** Bytes of R and of S in a JOSE signature (RFC 7518 §3.4). */
const COORDINATE_BYTES: ReadonlyMap<string, number> = new Map([
  ['P-256', 32],
  ['P-384', 48],
]);

/** Signs with keys that never leave KMS: one Sign a signature, by the key's ARN. */
export function kmsSigner(client: KMSClient): Signer {
  return {
    async sign({ alg, private_key_reference }, signingInput) {
      const { digest, key } = signingAlgorithm(alg);
      // The digest, because KMS takes no message above 4096 bytes and a token with many scopes is longer.
      const command = new SignCommand({
        KeyId: private_key_reference,
        Message: createHash(digest).update(signingInput).digest(),
        MessageType: 'DIGEST',
        SigningAlgorithm: SIGNING_ALGORITHM_SPECS[alg],
      });
      const { Signature } = await orTemporarilyUnavailable(client.send(command));
      if (!Signature) throw new Error('KMS answered Sign without a signature');
      return key.kty === 'RSA' ? Signature : joseSignature(Signature, COORDINATE_BYTES.get(key.crv) ?? 0);
    },
  };
}
