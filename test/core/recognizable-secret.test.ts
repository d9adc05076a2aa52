import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  createReferenceToken,
  isReferenceToken,
  referenceTokenJti,
} from '../../core/access-token/reference-token.ts';
import { createClientSecret, isClientSecret } from '../../core/client-secret.ts';
import { isRecognizableSecret } from '../../core/recognizable-secret.ts';
import { createRegistrationAccessToken } from '../../core/registration/registration-access-token.ts';

const KINDS = [
  { what: 'a client secret', prefix: 'signet_secret_', create: createClientSecret, isOne: isClientSecret },
  {
    what: 'a reference token',
    prefix: 'signet_token_',
    create: createReferenceToken,
    isOne: isReferenceToken,
  },
  {
    what: 'a registration access token',
    prefix: 'signet_registration_access_',
    create: createRegistrationAccessToken,
    isOne: (token: string) => isRecognizableSecret('signet_registration_access_', token),
  },
] as const;

for (const { what, prefix, create, isOne } of KINDS) {
  describe(`${what} of Signet’s making`, () => {
    it('has a prefix, 256 random bits and a checksum, in characters that no encoding changes', () => {
      const secrets = Array.from({ length: 100 }, create);
      assert.equal(new Set(secrets).size, secrets.length);
      for (const secret of secrets) {
        assert.match(secret, new RegExp(`^${prefix}[0-9A-Za-z]{49}$`));
        assert.ok(isOne(secret));
      }
    });

    it('is not known as one after any change of a character', () => {
      const secret = create();
      fc.assert(
        fc.property(fc.nat(secret.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
          const mutated = secret.slice(0, at) + character + secret.slice(at + 1);
          assert.equal(isOne(mutated), mutated === secret);
        }),
      );
    });

    it('is not known as one when a character is missing, added or moved', () => {
      const secret = create();
      fc.assert(
        fc.property(fc.nat(secret.length - 1), (at) => {
          const rest = secret.slice(0, at) + secret.slice(at + 1);
          const moved = rest + secret.charAt(at);
          assert.equal(isOne(rest), false);
          assert.equal(isOne(`${secret.slice(0, at)}0${secret.slice(at)}`), false);
          assert.equal(isOne(moved), moved === secret);
        }),
      );
    });

    it('is no other text', () => {
      for (const text of ['', prefix, `${prefix}000000`, create().slice(1), ` ${create()}`, `${create()} `]) {
        assert.equal(isOne(text), false, text);
      }
      fc.assert(fc.property(fc.string(), (text) => !isOne(text)));
    });

    it('carries the checksum that secret scanners look for: CRC-32 of the 43 characters before it', () => {
      const random = '0'.repeat(43);
      // It is 0x7849568f, and to the base of 62 has these digits.
      assert.equal(isOne(`${prefix}${random}2CZclj`), true);
    });

    it('is none of the other kind', () => {
      for (const other of KINDS) assert.equal(isOne(other.create()), other.isOne === isOne);
    });
  });
}

describe('referenceTokenJti', () => {
  it('is base64url of the SHA-256', () => {
    assert.equal(referenceTokenJti('abc'), 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  });
});
