import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALGS, signingAlgorithm } from '../../../core/jose/algorithms.ts';

describe('the signing algorithms', () => {
  const RSA_2048 = { kty: 'RSA', modulusLength: 2048 } as const;
  const KEYS = [
    ['RS256', RSA_2048],
    ['RS384', RSA_2048],
    ['RS512', RSA_2048],
    ['PS256', RSA_2048],
    ['PS384', RSA_2048],
    ['PS512', RSA_2048],
    ['ES256', { kty: 'EC', crv: 'P-256' }],
    ['ES384', { kty: 'EC', crv: 'P-384' }],
    ['ES512', { kty: 'EC', crv: 'P-521' }],
    ['EdDSA', { kty: 'OKP', crv: 'Ed25519' }],
    ['ML-DSA-44', { kty: 'AKP', type: 'ml-dsa-44' }],
    ['ML-DSA-65', { kty: 'AKP', type: 'ml-dsa-65' }],
    ['ML-DSA-87', { kty: 'AKP', type: 'ml-dsa-87' }],
  ] as const;

  it('are these, the default first (RFC 9068 §2.1)', () => {
    assert.deepEqual(
      ALGS,
      KEYS.map(([alg]) => alg),
    );
  });

  for (const [alg, key] of KEYS) {
    it(`${alg} takes a key of ${Object.values(key).join(' ')} (RFC 7518 §3, RFC 8037 §3.1, RFC 9964)`, () => {
      assert.deepEqual(signingAlgorithm(alg).key, key);
    });
  }
});
