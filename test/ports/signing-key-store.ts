import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KeySet } from '../../core/jose/signing-key.ts';
import type { SigningKeyStore } from '../../core/ports/signing-key-store.ts';
import { makeSigningKey } from '../support/records.ts';

const RSA_KEY = makeSigningKey({
  alg: 'RS256',
  public_jwk: { kty: 'RSA', n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4', e: 'AQAB' },
  private_key_reference: 'arn:aws:kms:us-east-1:000000000000:key/1',
});
const EC_KEY = makeSigningKey(
  {
    alg: 'ES256',
    public_jwk: {
      kty: 'EC',
      crv: 'P-256',
      x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
      y: '4Etl6SRW2Yi',
    },
    private_key_reference: 'arn:aws:kms:us-east-1:000000000000:key/2',
  },
  { published_at: 10, signs_from: 20, retired_at: 30, published_until: 40 },
);

/** Holds the SigningKeyStore of an adapter to what the port promises. */
export function signingKeyStoreContract(adapter: string, openEmpty: () => Promise<SigningKeyStore>): void {
  describe(`SigningKeyStore on ${adapter}`, () => {
    it('has an empty key set of version 0 before the first key', async () => {
      const store = await openEmpty();
      assert.deepEqual(await store.load(), { version: 0, keys: [] });
    });

    it('loads each version as it was put there, member by member and in order', async () => {
      const store = await openEmpty();
      for (const keySet of [
        { version: 1, keys: [RSA_KEY] },
        { version: 2, keys: [RSA_KEY, EC_KEY] },
        { version: 3, keys: [EC_KEY, RSA_KEY] },
        { version: 4, keys: [] },
      ]) {
        assert.equal(await store.replace(keySet), true);
        assert.deepEqual(await store.load(), keySet);
      }
    });

    for (const [what, version] of [
      ['the version that is there', 2],
      ['the version before it', 1],
      ['the empty one', 0],
      ['a version after the next', 4],
    ] as const) {
      it(`refuses ${what}, and changes nothing`, async () => {
        const store = await openEmpty();
        await store.replace({ version: 1, keys: [] });
        await store.replace({ version: 2, keys: [RSA_KEY] });
        assert.equal(await store.replace({ version, keys: [EC_KEY] }), false);
        assert.deepEqual(await store.load(), { version: 2, keys: [RSA_KEY] });
      });
    }

    it('refuses a second version before there is a first, and changes nothing', async () => {
      const store = await openEmpty();
      assert.equal(await store.replace({ version: 2, keys: [RSA_KEY] }), false);
      assert.deepEqual(await store.load(), { version: 0, keys: [] });
    });

    it('lets one of 25 racing changes win, of the first version as of later ones', async () => {
      const store = await openEmpty();
      for (const version of [1, 2]) {
        const keySets = Array.from(
          { length: 25 },
          (_, n): KeySet => ({ version, keys: [{ ...RSA_KEY, published_at: n }] }),
        );
        const outcomes = await Promise.all(keySets.map((keySet) => store.replace(keySet)));
        const won = keySets.filter((_, index) => outcomes[index]);
        assert.equal(won.length, 1);
        assert.deepEqual(await store.load(), won[0]);
      }
    });
  });
}
