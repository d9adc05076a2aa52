import assert from 'node:assert/strict';
import { constants, createPublicKey, verify } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { compactVerify, importJWK } from 'jose';
import { ALGS, type Alg } from '../../core/jose/algorithms.ts';
import { signJwt } from '../../core/jose/jwt.ts';
import type { SigningKey } from '../../core/jose/signing-key.ts';
import type { KeyMaterial } from '../../core/ports/key-maker.ts';
import type { Signer } from '../../core/ports/signer.ts';
import { makeSigningKey } from '../support/records.ts';

/** A signer, and a way to make keys that it signs with. */
export interface SignerAndKeys {
  readonly signer: Signer;
  /** The longest input that it signs with an algorithm, where there is one. */
  readonly maxBytes?: Readonly<Partial<Record<Alg, number>>>;
  createSigningKey(alg: Alg): Promise<KeyMaterial>;
}

const PKCS1 = { bytes: 256, padding: constants.RSA_PKCS1_PADDING } as const;
const PSS = { bytes: 256, padding: constants.RSA_PKCS1_PSS_PADDING } as const;

/** What RFC 7518 §3.3 to §3.5 and later RFCs say of each, written here once more: the table of the core is under test too. */
const EXPECTED = {
  RS256: { hash: 'sha256', ...PKCS1 },
  RS384: { hash: 'sha384', ...PKCS1 },
  RS512: { hash: 'sha512', ...PKCS1 },
  PS256: { hash: 'sha256', ...PSS, saltLength: 32 },
  PS384: { hash: 'sha384', ...PSS, saltLength: 48 },
  PS512: { hash: 'sha512', ...PSS, saltLength: 64 },
  ES256: { hash: 'sha256', bytes: 64, dsaEncoding: 'ieee-p1363' },
  ES384: { hash: 'sha384', bytes: 96, dsaEncoding: 'ieee-p1363' },
  ES512: { hash: 'sha512', bytes: 132, dsaEncoding: 'ieee-p1363' },
  EdDSA: { hash: null, bytes: 64 },
  'ML-DSA-44': { hash: null, bytes: 2420 },
  'ML-DSA-65': { hash: null, bytes: 3309 },
  'ML-DSA-87': { hash: null, bytes: 4627 },
} as const;

/** Holds the Signer of an adapter to what the port promises. */
export function signerContract(adapter: string, open: () => Promise<SignerAndKeys>, algs = ALGS): void {
  for (const alg of algs) {
    describe(`Signer on ${adapter} with ${alg}`, () => {
      const { hash, bytes, ...parameters } = EXPECTED[alg];
      let signer: Signer;
      let key: SigningKey;
      let maxBytes: number;

      before(async () => {
        const opened = await open();
        signer = opened.signer;
        maxBytes = opened.maxBytes?.[alg] ?? Number.POSITIVE_INFINITY;
        key = makeSigningKey(await opened.createSigningKey(alg));
      });

      const isSigned = async (input: Buffer) => {
        const signature = await signer.sign(key, input);
        assert.equal(signature.length, bytes);
        const publicKey = createPublicKey({ key: key.public_jwk, format: 'jwk' });
        assert.ok(verify(hash, input, { key: publicKey, ...parameters }, signature));
      };

      it(`signs as JOSE has it: ${bytes} bytes that node:crypto verifies (RFC 7518 §3)`, async () => {
        await isSigned(Buffer.from('eyJhbGciOiJub25lIn0.e30'));
      });

      it('signs empty inputs, and those longer than KMS takes as a message, or refuses all of these', async () => {
        for (const length of [0, 4096, 4097, 16_384]) {
          const input = Buffer.alloc(length, 'a');
          if (length <= maxBytes) await isSigned(input);
          else await assert.rejects(signer.sign(key, input), tooLong(alg));
        }
      });

      it('signs 20 inputs at once, each with its own signature', async () => {
        await Promise.all(Array.from({ length: 20 }, (_, n) => isSigned(Buffer.from(`input ${n}`))));
      });

      it('signs JWTs that jose verifies (RFC 7515 §5.2)', async () => {
        const claims = { sub: 'backend', exp: 1_800_000_000 };
        const jwt = await signJwt('at+jwt', claims, key, signer);
        const { payload, protectedHeader } = await compactVerify(
          jwt,
          await importJWK({ ...key.public_jwk, alg }),
        );
        assert.deepEqual(protectedHeader, { typ: 'at+jwt', alg, kid: key.kid });
        assert.deepEqual(JSON.parse(Buffer.from(payload).toString()), claims);
      });

      it('makes each key a new one, and fails for a key that it does not have', async () => {
        const { createSigningKey, signer: other } = await open();
        assert.notDeepEqual((await createSigningKey(alg)).public_jwk, key.public_jwk);
        await assert.rejects(other.sign({ ...key, private_key_reference: 'unknown' }, Buffer.from('input')));
      });
    });
  }
}

function tooLong(alg: Alg): object {
  return {
    name: 'OAuthError',
    code: 'invalid_request',
    description: `the token is too long to be signed with ${alg}: ask for less in it`,
    reason: 'token_too_long',
  };
}
