import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { calculateJwkThumbprint } from 'jose';
import { readDpopProof } from '../../../core/dpop/dpop-proof.ts';
import { ALGS_BY_KEY, type KeyKind, makeClientKey } from '../../support/client-assertion.ts';
import { dpopProof, jwkOf, type ProofChanges } from '../../support/dpop-proof.ts';
import { KEY, KEYS, NOW } from '../../support/keyed-issuer.ts';

const issuer = { identifier: 'https://auth.example.com/a', clock: () => NOW };
const HTU = 'https://auth.example.com/a/token';

const proofOf = (changes?: ProofChanges) => dpopProof(KEY, 'ES256', HTU, NOW, changes);
const read = async (changes?: ProofChanges) => readDpopProof(await proofOf(changes), issuer);
const says = (claims: Readonly<Record<string, unknown>>) => read({ claims });

describe('readDpopProof', () => {
  it('takes one for the alias of the token endpoint where clients show certificates, if there is one (RFC 8705 §5)', async () => {
    const proof = await dpopProof(KEY, 'ES256', 'https://mtls.example.com/a/token', NOW);
    const mutualTlsUrl = 'https://mtls.example.com/a';
    assert.equal(typeof readDpopProof(proof, { ...issuer, mutualTlsUrl }), 'object');
    assert.equal(typeof readDpopProof(await proofOf(), { ...issuer, mutualTlsUrl }), 'object');
    assert.equal(readDpopProof(proof, issuer), 'proof_wrong_uri');
  });

  for (const [kind, algs] of Object.entries(ALGS_BY_KEY)) {
    for (const alg of algs) {
      it(`takes a proof that is signed with ${alg}, and knows the key by its thumbprint (RFC 9449 §4.3, RFC 7638)`, async () => {
        const key = KEYS[kind as KeyKind];
        const proof = await dpopProof(key, alg, HTU, NOW, { claims: { jti: 'a' } });
        assert.deepEqual(readDpopProof(proof, issuer), {
          jti: 'a',
          nonce: undefined,
          goodUntil: NOW + 120,
          jkt: await calculateJwkThumbprint(jwkOf(key.publicKey)),
        });
      });
    }
  }

  it('knows a key by the same thumbprint whatever else its JWK has (RFC 7638 §3.2)', async () => {
    const jwk = { ...jwkOf(KEY.publicKey), kid: 'a', use: 'sig', alg: 'ES256', key_ops: ['verify'], x: 1 };
    const { x, ...members } = jwk;
    const proof = await read({ header: { jwk: { ...members, ...jwkOf(KEY.publicKey), x5c: [x] } } });
    assert.equal(Object(proof).jkt, await calculateJwkThumbprint(jwkOf(KEY.publicKey)));
  });

  for (const htu of [
    ...[HTU, `${HTU}?a=b`, `${HTU}#a`, 'HTTPS://AUTH.example.com:443/a/token'],
    ...['https://auth.example.com/a/b/../token', 'https://auth.example.com/a/%74oken'],
  ]) {
    it(`takes ${htu} for the token endpoint (RFC 9449 §4.3)`, async () => {
      assert.equal(typeof (await says({ htu })), 'object');
    });
  }

  for (const iat of [NOW - 119, NOW - 60, NOW - 0.5, NOW + 60]) {
    it(`takes an iat ${iat - NOW} seconds from now, and remembers for how long it is good`, async () => {
      const proof = await says({ iat });
      assert.equal(Object(proof).goodUntil, Math.ceil(iat) + 120);
    });
  }

  for (const [iat, refusal] of [
    [NOW - 120, 'proof_expired'],
    [NOW + 61, 'proof_not_yet_valid'],
  ] as const) {
    it(`refuses an iat ${iat - NOW} seconds from now (RFC 9449 §4.3)`, async () => {
      assert.equal(await says({ iat }), refusal);
    });
  }

  it('takes a jti of 255 characters, and hands on the nonce unchecked', async () => {
    const jti = 'x'.repeat(255);
    const proof = await says({ jti, nonce: [1] });
    assert.deepEqual([Object(proof).jti, Object(proof).nonce], [jti, [1]]);
  });

  it('has no use for what it does not know: other claims, other members of the header', async () => {
    const claims = { ath: 'a', aud: 'b', exp: NOW - 1_000 };
    const header = { kid: 'a', jku: 'https://attacker.example.com', cty: 'b' };
    assert.equal(typeof (await read({ claims, header })), 'object');
  });

  it('takes RSA keys of 2,048 to 8,192 bits (RFC 7518 §3.3)', async () => {
    const short = makeClientKey('RSA', 1024);
    assert.equal(readDpopProof(await dpopProof(short, 'RS256', HTU, NOW), issuer), 'proof_wrong_key');
    const longer = makeClientKey('RSA', 3072);
    assert.equal(typeof readDpopProof(await dpopProof(longer, 'RS256', HTU, NOW), issuer), 'object');
  });
});
