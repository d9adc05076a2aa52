import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { KeyMaker } from '../../core/ports/key-maker.ts';
import type { MadeKeys } from '../../core/ports/made-keys.ts';
import type { Signer } from '../../core/ports/signer.ts';
import { makeSigningKey } from '../support/records.ts';

/** What makes keys for one key set, signs with them, and knows them. */
export interface MakerAndMadeKeys {
  readonly keyMaker: KeyMaker;
  readonly signer: Signer;
  readonly madeKeys: MadeKeys;
}

/** Holds the MadeKeys of an adapter to what the port promises. */
export function madeKeysContract(adapter: string, openEmpty: () => Promise<MakerAndMadeKeys>): void {
  describe(`MadeKeys on ${adapter}`, () => {
    let ports: MakerAndMadeKeys;
    beforeEach(async () => {
      ports = await openEmpty();
    });
    const make = () => ports.keyMaker.make('ES256');
    const listed = async () => (await ports.madeKeys.list()).map((key) => key.private_key_reference).sort();

    it('has none before the first key is made', async () => {
      assert.deepEqual(await listed(), []);
    });

    it('has each key from when it is made, with the time, though nobody published it, and none of another key set', async () => {
      await (await openEmpty()).keyMaker.make('ES256');
      const before = Math.floor(Date.now() / 1000);
      const made = [await make(), await make()];
      assert.deepEqual(await listed(), made.map((key) => key.private_key_reference).sort());
      for (const { made_at } of await ports.madeKeys.list()) {
        assert.ok(before <= made_at && made_at <= Date.now() / 1000, `made at ${made_at}`);
      }
    });

    it('has a discarded key no more, which signs no more; others stay', async () => {
      const [discarded, kept] = [await make(), await make()];
      const sign = (material: typeof kept) => ports.signer.sign(makeSigningKey(material), Buffer.from('x'));
      await ports.madeKeys.discard({ ...discarded, made_at: 0 });
      assert.deepEqual(await listed(), [kept.private_key_reference]);
      await assert.rejects(sign(discarded));
      assert.equal((await sign(kept)).length, 64);
    });

    it('discards a key as often as it is told to, also at once', async () => {
      const key = { ...(await make()), made_at: 0 };
      await Promise.all([1, 2, 3].map(() => ports.madeKeys.discard(key)));
      await ports.madeKeys.discard(key);
      assert.deepEqual(await listed(), []);
    });
  });
}
