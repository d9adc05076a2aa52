import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALGS, signingAlgorithm } from '../../core/algorithms.ts';

describe('the signing algorithms', () => {
  it('are four, the default first (RFC 9068 §2.1)', () => {
    assert.deepEqual(ALGS, ['RS256', 'PS256', 'ES256', 'ES384']);
  });

  for (const [alg, key] of [
    ['RS256', { kty: 'RSA', modulusLength: 2048 }],
    ['PS256', { kty: 'RSA', modulusLength: 2048 }],
    ['ES256', { kty: 'EC', crv: 'P-256' }],
    ['ES384', { kty: 'EC', crv: 'P-384' }],
  ] as const) {
    it(`${alg} takes a key of ${Object.values(key).join(' ')} (RFC 7518 §3)`, () => {
      assert.deepEqual(signingAlgorithm(alg).key, key);
    });
  }
});
