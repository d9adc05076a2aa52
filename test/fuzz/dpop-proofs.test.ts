import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readDpopProof } from '../../core/dpop/dpop-proof.ts';
import { dpopProof, jwkOf, type ProofChanges } from '../support/dpop-proof.ts';
import { fuzz, mutation } from '../support/fuzz.ts';
import { KEY, NOW, STOLEN } from '../support/keyed-issuer.ts';

const issuer = { identifier: 'https://auth.example.com', clock: () => NOW };
const HTU = 'https://auth.example.com/token';
const JWK = jwkOf(KEY.publicKey);
const proof = (changes?: ProofChanges) => dpopProof(KEY, 'ES256', HTU, NOW, changes);

describe('whatever stands in a DPoP header', () => {
  it('makes no proof of another by any mutation of it, and no error', async () => {
    const genuine = await proof();
    await fuzz(mutation, async (mutate) => {
      const mutated = mutate(genuine);
      assert.equal(typeof readDpopProof(mutated, issuer), mutated === genuine ? 'object' : 'string');
    });
  });

  it('gets a proof by no header and claims of its own but those of RFC 9449 §4.2, and makes no error', async () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom<unknown>('POST', HTU, NOW, 'dpop+jwt', 'ES256', 'RS256', JWK, jwkOf(STOLEN.publicKey)),
    );
    const header = fc.record({ typ: value, alg: value, jwk: value, crit: value }, { requiredKeys: [] });
    const claims = fc.record(
      { jti: value, htm: value, htu: value, iat: value, nonce: value },
      { requiredKeys: [] },
    );
    await fuzz(fc.tuple(header, claims), async ([changedHeader, changedClaims]) => {
      const read = readDpopProof(await proof({ header: changedHeader, claims: changedClaims }), issuer);
      if (typeof read === 'string') return;
      const said = {
        typ: 'dpop+jwt',
        alg: 'ES256',
        jwk: JWK,
        ...changedHeader,
        htm: 'POST',
        htu: HTU,
        ...changedClaims,
      };
      const { typ, alg, jwk, htm, htu } = said;
      assert.deepEqual(
        { typ, alg, jwk, htm, htu },
        { typ: 'dpop+jwt', alg: 'ES256', jwk: JWK, htm: 'POST', htu: HTU },
      );
    });
  });
});
