import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cachedSigningKeyReader } from '../../adapters/cache/key-set-cache.ts';
import { EMPTY_KEY_SET, type KeySet } from '../../core/jose/signing-key.ts';
import { KEY_SET_MAX_AGE_SECONDS } from '../../core/limits.ts';

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
});
