import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayKey } from '../../core/replay-key.ts';

test('the key of what may be used once is 43 characters, whatever and how long its parts are', () => {
  for (const parts of [[], [''], ['a', 'b'], ['\0', '\ud800'], ['x'.repeat(100_000)]]) {
    assert.match(replayKey(...parts), /^[\w-]{43}$/);
  }
});

test('the key of what may be used once is another for parts that are put together in another way', () => {
  const keys = [['a', 'b'], ['ab'], ['a', 'b', ''], ['a","b'], ['b', 'a'], ['A', 'b']].map((parts) =>
    replayKey(...parts),
  );
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(replayKey('a', 'b'), keys[0]);
});
