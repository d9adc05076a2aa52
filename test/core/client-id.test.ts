import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import { ClientIdSchema, createClientId, isClientId } from '../../core/client-id.ts';

describe('a client identifier', () => {
  it('is visible ASCII and spaces (RFC 6749 Appendix A.1), 255 characters at most', () => {
    for (const id of ['a', ' ', 'a:b', '"\\%~', 'a'.repeat(255)])
      assert.deepEqual([v.is(ClientIdSchema, id), isClientId(id)], [true, true], id);
    for (const id of ['', 'é', 'a\n', 'a\0', '\x7f', 'a'.repeat(256)]) {
      assert.deepEqual([v.is(ClientIdSchema, id), isClientId(id)], [false, false], id);
    }
    assert.equal(v.is(ClientIdSchema, 7), false);
  });

  it('that Signet makes has 128 random bits in 22 characters that no encoding changes', () => {
    const ids = Array.from({ length: 100 }, createClientId);
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^[0-9A-Za-z]{22}$/);
  });
});
