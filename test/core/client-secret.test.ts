import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoredSecret } from '../../core/client.ts';
import { hashClientSecret, isSecretActive, matchClientSecret } from '../../core/client-secret.ts';

const NOW = 1_800_000_000;

function stored(secret: string, expires_at?: number): StoredSecret {
  const kept = { secret_id: secret, sha256: hashClientSecret(secret), created_at: 0 };
  return expires_at === undefined ? kept : { ...kept, expires_at };
}

describe('hashClientSecret', () => {
  it('is base64url of the SHA-256', () => {
    assert.equal(hashClientSecret('abc'), 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  });
});

describe('matchClientSecret', () => {
  for (const [what, presented, secrets, expected] of [
    ['the only secret', 'a', [stored('a')], 'match'],
    ['the first of two', 'a', [stored('a'), stored('b')], 'match'],
    ['the second of two', 'b', [stored('a'), stored('b')], 'match'],
    ['another secret', 'c', [stored('a'), stored('b')], 'mismatch'],
    ['a secret in its last second', 'a', [stored('a', NOW + 1)], 'match'],
    ['a secret as it expires', 'a', [stored('a', NOW)], 'expired'],
    ['a secret that expired beside another in use', 'a', [stored('a', 1), stored('b')], 'expired'],
    ['a secret that was added again after it expired', 'a', [stored('a', 1), stored('a')], 'match'],
    ['a secret of a client that has none', 'a', [], 'mismatch'],
    ['a secret of no client', 'a', undefined, 'mismatch'],
    ['the empty secret of no client', '', undefined, 'mismatch'],
    ['the empty secret of a client that has none', '', [], 'mismatch'],
  ] as const) {
    it(`finds ${what} to be a ${expected}`, () => {
      assert.equal(matchClientSecret(presented, secrets, NOW).match, expected);
    });
  }
});

describe('isSecretActive', () => {
  it('holds until the second in which the secret expires, and for ever when none is set', () => {
    assert.equal(isSecretActive({}, Number.MAX_SAFE_INTEGER), true);
    assert.equal(isSecretActive({ expires_at: NOW }, NOW - 1), true);
    assert.equal(isSecretActive({ expires_at: NOW }, NOW), false);
  });
});
