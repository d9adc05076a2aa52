import type { DataKeyPairSpec, KeySpec } from '@aws-sdk/client-kms';
import { type Alg, signingAlgorithm } from '../../core/jose/algorithms.ts';

const DATA_KEY_PAIR_SPECS: Readonly<Record<string, DataKeyPairSpec>> = {
  RSA: 'RSA_2048',
  'P-256': 'ECC_NIST_P256',
  'P-384': 'ECC_NIST_P384',
  'P-521': 'ECC_NIST_P521',
  Ed25519: 'ECC_NIST_EDWARDS25519',
};

const ML_DSA_SPECS = {
  'ml-dsa-44': 'ML_DSA_44',
  'ml-dsa-65': 'ML_DSA_65',
  'ml-dsa-87': 'ML_DSA_87',
} as const satisfies Record<string, KeySpec>;

/** What KMS calls the key pairs of an algorithm that it makes for use outside of it; of ML-DSA it makes none. */
export function dataKeyPairSpec(alg: Alg): DataKeyPairSpec | undefined {
  const { key } = signingAlgorithm(alg);
  return 'crv' in key ? DATA_KEY_PAIR_SPECS[key.crv] : DATA_KEY_PAIR_SPECS[key.kty];
}

/** What KMS calls the keys of an algorithm that never leave it. */
export function keySpec(alg: Alg): KeySpec | undefined {
  const { key } = signingAlgorithm(alg);
  return 'type' in key ? ML_DSA_SPECS[key.type] : dataKeyPairSpec(alg);
}
