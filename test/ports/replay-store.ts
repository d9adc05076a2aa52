import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '../../core/clock.ts';
import type { ReplayStore } from '../../core/ports/replay-store.ts';
import { replayKey } from '../../core/replay-key.ts';

const NOW = 1_800_000_000;

/** Holds the ReplayStore of an adapter to what the port promises. */
export function replayStoreContract(
  adapter: string,
  openEmpty: (clock: Clock) => Promise<ReplayStore>,
): void {
  describe(`ReplayStore on ${adapter}`, () => {
    it('takes a key the first time only, and keys apart', async () => {
      const store = await openEmpty(() => NOW);
      assert.equal(await store.remember(replayKey('a', 'b'), NOW + 60), true);
      assert.equal(await store.remember(replayKey('a', 'b'), NOW + 60), false);
      for (const other of [['a'], ['ab'], ['a,b'], ['A', 'b'], ['a', 'b', ''], ['b', 'a']]) {
        assert.equal(await store.remember(replayKey(...other), NOW + 60), true, other.join('|'));
      }
    });

    it('takes a key from one of 25 that come at once', async () => {
      const store = await openEmpty(() => NOW);
      const taken = await Promise.all(
        Array.from({ length: 25 }, () => store.remember(replayKey('raced'), NOW + 60)),
      );
      assert.deepEqual(taken.filter(Boolean), [true]);
    });

    it('remembers a key until its time, whatever comes in between, and takes it again from then on', async () => {
      let now = NOW;
      const store = await openEmpty(() => now);
      await store.remember(replayKey('short'), NOW + 60);
      await store.remember(replayKey('long'), NOW + 3_600);
      now = NOW + 59;
      assert.equal(await store.remember(replayKey('other'), NOW + 120), true);
      assert.equal(await store.remember(replayKey('short'), NOW + 120), false);
      now = NOW + 60;
      assert.equal(await store.remember(replayKey('long'), NOW + 120), false);
      const again = Array.from({ length: 25 }, () => store.remember(replayKey('short'), NOW + 120));
      assert.deepEqual((await Promise.all(again)).filter(Boolean), [true]);
      now = NOW + 119;
      assert.equal(await store.remember(replayKey('short'), NOW + 180), false);
    });
  });
}
