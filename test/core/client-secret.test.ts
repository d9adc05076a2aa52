import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { StoredSecret } from '../../core/client.ts';
import {
  createClientSecret,
  hashClientSecret,
  isClientSecret,
  isSecretActive,
  matchClientSecret,
} from '../../core/client-secret.ts';

const NOW = 1_800_000_000;

function stored(secret: string, expires_at?: number): StoredSecret {
  const kept = { secret_id: secret, sha256: hashClientSecret(secret), created_at: 0 };
  return expires_at === undefined ? kept : { ...kept, expires_at };
}

describe('a client secret of Signet’s making', () => {
  it('has a prefix, 256 random bits and a checksum, in characters that no encoding changes', () => {
    const secrets = Array.from({ length: 100 }, createClientSecret);
    assert.equal(new Set(secrets).size, secrets.length);
    for (const secret of secrets) {
      assert.match(secret, /^signet_secret_[0-9A-Za-z]{49}$/);
      assert.ok(isClientSecret(secret));
    }
  });

  it('is not known as one after any change of a character', () => {
    const secret = createClientSecret();
    fc.assert(
      fc.property(fc.nat(secret.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        const mutated = secret.slice(0, at) + character + secret.slice(at + 1);
        assert.equal(isClientSecret(mutated), mutated === secret);
      }),
    );
  });

  it('is not known as one when a character is missing, added or moved', () => {
    const secret = createClientSecret();
    fc.assert(
      fc.property(fc.nat(secret.length - 1), (at) => {
        const rest = secret.slice(0, at) + secret.slice(at + 1);
        const moved = rest + secret.charAt(at);
        assert.equal(isClientSecret(rest), false);
        assert.equal(isClientSecret(`${secret.slice(0, at)}0${secret.slice(at)}`), false);
        assert.equal(isClientSecret(moved), moved === secret);
      }),
    );
  });

  it('is no other text', () => {
    for (const text of ['', 'signet_secret_', 'signet_secret_000000', createClientSecret().slice(1)]) {
      assert.equal(isClientSecret(text), false, text);
    }
    fc.assert(fc.property(fc.string(), (text) => !isClientSecret(text)));
  });

  it('carries the checksum that secret scanners look for: CRC-32 of the 43 characters before it', () => {
    const random = '0'.repeat(43);
    // It is 0x7849568f, and to the base of 62 has these digits.
    assert.equal(isClientSecret(`signet_secret_${random}2CZclj`), true);
  });
});

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
      assert.equal(matchClientSecret(presented, secrets, NOW), expected);
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
