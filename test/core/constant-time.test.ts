import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { afterEach, describe, it, mock } from 'node:test';
import { hashClientSecret, matchClientSecret } from '../../core/client-secret.ts';
import {
  hashRegistrationAccessToken,
  matchesRegistrationAccessToken,
} from '../../core/registration/registration-access-token.ts';

const stored = (secret: string) => ({
  secret_id: secret,
  sha256: hashClientSecret(secret),
  created_at: 0,
});
const SECRETS = [stored('a'), stored('b')];
const SHA256 = hashRegistrationAccessToken('a');

describe('what is secret', () => {
  afterEach(() => {
    mock.restoreAll();
    syncBuiltinESMExports();
  });

  for (const [what, compare, comparisons] of [
    ['the first of two secrets', () => matchClientSecret('a', SECRETS, 1), 2],
    ['neither of two secrets', () => matchClientSecret('c', SECRETS, 1), 2],
    ['a secret of a client that has none', () => matchClientSecret('a', [], 1), 1],
    ['a secret of no client', () => matchClientSecret('a', undefined, 1), 1],
    ['a registration access token', () => matchesRegistrationAccessToken('a', SHA256), 1],
    ['another registration access token', () => matchesRegistrationAccessToken('b', SHA256), 1],
    ['a registration access token of no client', () => matchesRegistrationAccessToken('a', undefined), 1],
  ] as const) {
    it(`is compared in constant time, ${comparisons === 1 ? 'once' : 'with both'}: ${what}`, () => {
      const timingSafeEqual = mock.method(crypto, 'timingSafeEqual');
      syncBuiltinESMExports();
      compare();
      assert.equal(timingSafeEqual.mock.callCount(), comparisons);
    });
  }
});
