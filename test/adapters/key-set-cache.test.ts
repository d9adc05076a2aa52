import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { cachedSigningKeyReader } from '../../adapters/cache/key-set-cache.ts';
import { EMPTY_KEY_SET, type KeySet } from '../../core/jose/signing-key.ts';
import {
  KEY_SET_MAX_AGE_SECONDS,
  KEY_SET_REFRESH_AGE_SECONDS,
  STALE_IF_ERROR_RETRY_SECONDS,
} from '../../core/limits.ts';
import type { SigningKeyReader } from '../../core/ports/signing-key-store.ts';

describe('the key set cache', () => {
  it('loads the key set once in its maximum age, and then anew', async () => {
    let now = 100;
    let version = 1;
    const reader = { load: async () => ({ version, keys: [] }) };
    const cached = cachedSigningKeyReader(
      reader,
      () => now,
      (_, read) => read(),
    );
    assert.equal((await cached.load()).version, 1);
    version = 2;
    now += KEY_SET_MAX_AGE_SECONDS - 1;
    assert.equal((await cached.load()).version, 1);
    now += 1;
    assert.equal((await cached.load()).version, 2);
  });

  it('does not keep the key set of before the first key', async () => {
    let stored: KeySet = EMPTY_KEY_SET;
    const clock = () => 100;
    const cached = cachedSigningKeyReader({ load: async () => stored }, clock, (_, read) => read());
    assert.equal((await cached.load()).version, 0);
    stored = { version: 1, keys: [] };
    assert.equal((await cached.load()).version, 1);
  });

  describe('that is half as old as it may be', () => {
    const HELD_UP = new Error('held up');
    let now: number;
    /** What the store answers, one read after the other. */
    let answers: PromiseWithResolvers<KeySet>[];
    let cached: SigningKeyReader;

    beforeEach(async () => {
      now = 100;
      answers = [];
      const load = () => {
        const answer = Promise.withResolvers<KeySet>();
        answers.push(answer);
        return answer.promise;
      };
      cached = cachedSigningKeyReader(
        { load },
        () => now,
        (_, read) => read(),
      );
      const first = cached.load();
      answers[0]?.resolve({ version: 1, keys: [] });
      await first;
      now += KEY_SET_REFRESH_AGE_SECONDS;
    });

    it('is read anew once, and nobody waits for that', async () => {
      assert.deepEqual([(await cached.load()).version, (await cached.load()).version], [1, 1]);
      assert.equal(answers.length, 2);
      answers[1]?.resolve({ version: 2, keys: [] });
      await answers[1]?.promise;
      now += KEY_SET_REFRESH_AGE_SECONDS - 1;
      assert.equal((await cached.load()).version, 2);
      assert.equal(answers.length, 2);
    });

    it('is as good as before when that fails, and tried again in five seconds', async () => {
      await cached.load();
      answers[1]?.reject(HELD_UP);
      now += STALE_IF_ERROR_RETRY_SECONDS - 1;
      assert.equal((await cached.load()).version, 1);
      assert.equal(answers.length, 2);
      now += 1;
      assert.equal((await cached.load()).version, 1);
      assert.equal(answers.length, 3);
    });

    it('is waited for when it is too old, whatever is still under way, which then changes nothing', async () => {
      await cached.load();
      now += KEY_SET_MAX_AGE_SECONDS - KEY_SET_REFRESH_AGE_SECONDS;
      const waiting = cached.load();
      answers[2]?.resolve({ version: 3, keys: [] });
      assert.equal((await waiting).version, 3);
      answers[1]?.resolve({ version: 2, keys: [] });
      await answers[1]?.promise;
      assert.equal((await cached.load()).version, 3);
    });
  });
});
