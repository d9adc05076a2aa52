import { createHash } from 'node:crypto';
import type { MessageType, SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import type { Alg } from '../../core/jose/algorithms.ts';
import type { SigningKey } from '../../core/jose/signing-key.ts';
import { OAuthError } from '../../core/oauth-error.ts';
import { joseSignature } from './ecdsa-signature.ts';

/** How KMS signs with one algorithm. */
interface KmsAlgorithm {
  readonly SigningAlgorithm: SigningAlgorithmSpec;
  /** What of a signing input KMS is given. */
  readonly message: (signingInput: Uint8Array, key: SigningKey) => Message;
  /** Makes JOSE's signature of the one that KMS answers. */
  readonly joseSignature: (answered: Uint8Array) => Uint8Array;
}

interface Message {
  readonly Message: Uint8Array;
  readonly MessageType: MessageType;
}

/** The longest message that KMS takes. */
const MESSAGE_MAX_BYTES = 4096;

/** Before a message that is not hashed first, the length of its context after it (FIPS 204 §5.2). */
const PURE_WITHOUT_CONTEXT = Buffer.of(0, 0);

const ML_DSA: KmsAlgorithm = {
  SigningAlgorithm: 'ML_DSA_SHAKE_256',
  message: externalMu,
  joseSignature: same,
};

const KMS_ALGORITHMS: Readonly<Record<Alg, KmsAlgorithm>> = {
  RS256: rsa('RSASSA_PKCS1_V1_5_SHA_256', 'sha256'),
  RS384: rsa('RSASSA_PKCS1_V1_5_SHA_384', 'sha384'),
  RS512: rsa('RSASSA_PKCS1_V1_5_SHA_512', 'sha512'),
  PS256: rsa('RSASSA_PSS_SHA_256', 'sha256'),
  PS384: rsa('RSASSA_PSS_SHA_384', 'sha384'),
  PS512: rsa('RSASSA_PSS_SHA_512', 'sha512'),
  // R and of S have so many bytes in a JOSE signature (RFC 7518 §3.4).
  ES256: ecdsa('ECDSA_SHA_256', 'sha256', 32),
  ES384: ecdsa('ECDSA_SHA_384', 'sha384', 48),
  ES512: ecdsa('ECDSA_SHA_512', 'sha512', 66),
  EdDSA: { SigningAlgorithm: 'ED25519_SHA_512', message: asItIs, joseSignature: same },
  'ML-DSA-44': ML_DSA,
  'ML-DSA-65': ML_DSA,
  'ML-DSA-87': ML_DSA,
};

/** The row of one algorithm. */
export function kmsAlgorithm(alg: Alg): KmsAlgorithm {
  return KMS_ALGORITHMS[alg];
}

function rsa(SigningAlgorithm: SigningAlgorithmSpec, digest: string): KmsAlgorithm {
  return { SigningAlgorithm, message: digested(digest), joseSignature: same };
}

function ecdsa(
  SigningAlgorithm: SigningAlgorithmSpec,
  digest: string,
  coordinateBytes: number,
): KmsAlgorithm {
  return {
    SigningAlgorithm,
    message: digested(digest),
    joseSignature: (der) => joseSignature(der, coordinateBytes),
  };
}

/** The digest, for a token with many scopes is longer than KMS takes a message. */
function digested(digest: string): KmsAlgorithm['message'] {
  return (signingInput) => ({
    Message: createHash(digest).update(signingInput).digest(),
    MessageType: 'DIGEST',
  });
}

/** The message, for Ed25519 hashes it together with the private key (RFC 8032 §5.1.6): what is too long cannot be signed. */
function asItIs(signingInput: Uint8Array, { alg }: SigningKey): Message {
  if (signingInput.length <= MESSAGE_MAX_BYTES) return { Message: signingInput, MessageType: 'RAW' };
  throw new OAuthError(
    'invalid_request',
    `the token is too long to be signed with ${alg}: ask for less in it`,
    {
      reason: 'token_too_long',
    },
  );
}

/** What stands for a message of any length (µ of FIPS 204 §6.2, with the empty context of RFC 9964). */
function externalMu(signingInput: Uint8Array, { public_jwk }: SigningKey): Message {
  if (public_jwk.kty !== 'AKP') throw new Error(`no key of type ${public_jwk.kty} signs with ML-DSA`);
  const publicKeyHash = shake256(Buffer.from(public_jwk.pub, 'base64url'));
  return { Message: shake256(publicKeyHash, PURE_WITHOUT_CONTEXT, signingInput), MessageType: 'EXTERNAL_MU' };
}

function shake256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('shake256', { outputLength: 64 });
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function same(signature: Uint8Array): Uint8Array {
  return signature;
}
