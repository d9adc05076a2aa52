import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { calculateJwkThumbprint, type JWK } from 'jose';
import * as v from 'valibot';
import { ALGS, type Alg } from '../../core/jose/algorithms.ts';
import { assertDocument, itIsPublicDocument } from './documents.ts';
import type { Suite } from './suite.ts';
import { algsOf, type Front } from './target.ts';

const base64url = v.pipe(v.string(), v.regex(/^[\w-]+$/));
const published = { kid: base64url, use: v.literal('sig') };

/** 2,048 bits of modulus without a leading zero (RFC 7518 §3.3, §6.3.1.1), and the usual exponent 65537. */
const rsa = {
  ...{ ...published, kty: v.literal('RSA') },
  ...{ n: v.pipe(base64url, v.length(342), v.regex(/^[g-z0-9_-]/)), e: v.literal('AQAB') },
};

/** Coordinates as long as the field of the curve (RFC 7518 §6.2.1.2). */
const ec = <Curve extends string>(crv: Curve, characters: number) => {
  const coordinate = v.pipe(base64url, v.length(characters));
  return { ...published, kty: v.literal('EC'), crv: v.literal(crv), x: coordinate, y: coordinate };
};

/** 32 bytes of public key (RFC 8037 §2). */
const ed25519 = {
  ...{ ...published, kty: v.literal('OKP'), crv: v.literal('Ed25519') },
  x: v.pipe(base64url, v.length(43)),
};

/** A public key as long as FIPS 204 §4 has it (RFC 9964). */
const mlDsa = (characters: number) => ({
  ...{ ...published, kty: v.literal('AKP') },
  pub: v.pipe(base64url, v.length(characters)),
});

/** The members of the key of each algorithm: these and no other, so none that is private (RFC 7517 §4, RFC 7518 §6). */
const KEY_OF: Readonly<Record<Alg, v.GenericSchema<unknown, JWK>>> = {
  RS256: v.strictObject({ ...rsa, alg: v.literal('RS256') }),
  RS384: v.strictObject({ ...rsa, alg: v.literal('RS384') }),
  RS512: v.strictObject({ ...rsa, alg: v.literal('RS512') }),
  PS256: v.strictObject({ ...rsa, alg: v.literal('PS256') }),
  PS384: v.strictObject({ ...rsa, alg: v.literal('PS384') }),
  PS512: v.strictObject({ ...rsa, alg: v.literal('PS512') }),
  ES256: v.strictObject({ ...ec('P-256', 43), alg: v.literal('ES256') }),
  ES384: v.strictObject({ ...ec('P-384', 64), alg: v.literal('ES384') }),
  ES512: v.strictObject({ ...ec('P-521', 88), alg: v.literal('ES512') }),
  EdDSA: v.strictObject({ ...ed25519, alg: v.literal('EdDSA') }),
  'ML-DSA-44': v.strictObject({ ...mlDsa(1750), alg: v.literal('ML-DSA-44') }),
  'ML-DSA-65': v.strictObject({ ...mlDsa(2603), alg: v.literal('ML-DSA-65') }),
  'ML-DSA-87': v.strictObject({ ...mlDsa(3456), alg: v.literal('ML-DSA-87') }),
};

const JwkSetSchema = v.strictObject({
  keys: v.array(v.looseObject({ alg: v.picklist(ALGS), kid: v.string() })),
});

/** The JWK Set (RFC 7517 §5). */
export function describeJwks(suite: () => Suite, front: Front): void {
  const load = async () => {
    const { wire, metadata } = suite();
    return v.parse(JwkSetSchema, JSON.parse((await wire.send(metadata.jwks_uri)).text));
  };

  describe('JWKS', () => {
    it('is JSON that caches may keep (RFC 7517 §5, RFC 9111 §5.2.2)', async () => {
      const { wire, metadata } = suite();
      await assertDocument(wire, metadata.jwks_uri, await load());
    });

    for (const alg of algsOf(front)) {
      it(`has one key for ${alg}, of its public members and kid, alg and use alone (RFC 7517 §4, RFC 7518 §6)`, async () => {
        const keys = (await load()).keys.filter((key) => key.alg === alg);
        assert.equal(keys.length, 1);
        for (const key of keys) v.parse(KEY_OF[alg], key);
      });
    }

    it('names each key by its thumbprint, and no two alike (RFC 7517 §4.5, RFC 7638 §3)', async () => {
      const { keys } = await load();
      assert.equal(new Set(keys.map((key) => key.kid)).size, algsOf(front).length);
      for (const key of keys)
        assert.equal(key.kid, await calculateJwkThumbprint(v.parse(KEY_OF[key.alg], key)));
    });

    itIsPublicDocument(() => ({ wire: suite().wire, url: suite().metadata.jwks_uri }), front);
  });
}
