import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SecretDerivation } from '../../core/ports/secret-derivation.ts';

/** Holds the SecretDerivation of an adapter to what the port promises. */
export function secretDerivationContract(adapter: string, openEmpty: () => Promise<SecretDerivation>): void {
  describe(`SecretDerivation on ${adapter}`, () => {
    it('derives 64 bytes, for one name always the same, also when it is asked for many at once', async () => {
      const derivation = await openEmpty();
      const derived = await Promise.all(Array.from({ length: 10 }, () => derivation.derive('["shop","1"]')));
      const again = await derivation.derive('["shop","1"]');
      assert.equal(again.length, 64);
      for (const bytes of derived) assert.deepEqual(Buffer.from(bytes), Buffer.from(again));
    });

    it('derives others for each other name, of any characters', async () => {
      const derivation = await openEmpty();
      const names = ['["shop","1"]', '["shop","2"]', '["shop","1"] ', '["ｓｈｏｐ","1"]', 'x'.repeat(2_000)];
      const derived = await Promise.all(names.map((name) => derivation.derive(name)));
      assert.equal(new Set(derived.map((bytes) => Buffer.from(bytes).toString('hex'))).size, names.length);
    });

    it('derives others by each other key', async () => {
      const [one, other] = await Promise.all([openEmpty(), openEmpty()]);
      assert.notDeepEqual(await one.derive('["shop","1"]'), await other.derive('["shop","1"]'));
    });
  });
}
