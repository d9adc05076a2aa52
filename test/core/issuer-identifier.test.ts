import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import { IssuerIdentifierSchema, issuerPath } from '../../core/issuer-identifier.ts';

describe('an issuer identifier', () => {
  for (const [identifier, path] of [
    ['https://auth.example.com', ''],
    ['https://auth.example.com:8443', ''],
    ['https://auth.example.com/machines', '/machines'],
    ['https://auth.example.com/a/b', '/a/b'],
    ['http://127.0.0.1:8787', ''],
  ] as const) {
    it(`may be ${identifier}, with its endpoints behind "${path}" (RFC 8414 §2)`, () => {
      assert.equal(v.parse(IssuerIdentifierSchema, identifier), identifier);
      assert.equal(issuerPath(identifier), path);
    });
  }

  for (const [text, why] of [
    ['', 'nothing'],
    ['auth.example.com', 'without a scheme'],
    ['ftp://auth.example.com', 'of another scheme'],
    ['urn:example:issuer', 'no URL'],
    ['https://auth.example.com/', 'with a trailing slash'],
    ['https://auth.example.com/a/', 'with a trailing slash behind a path'],
    ['https://auth.example.com?a=b', 'with a query'],
    ['https://auth.example.com/a?', 'with an empty query'],
    ['https://auth.example.com/a#b', 'with a fragment'],
    ['https://user@auth.example.com', 'with a user'],
    ['https://auth.example.com:443', 'with the port that the scheme has anyway'],
    ['https://AUTH.example.com', 'spelt otherwise than a URL parser writes it'],
    ['https://auth.example.com/a/../b', 'with dot segments'],
    [' https://auth.example.com', 'with a space'],
    ['https://auth.example.com/a\r\nX: b', 'with a line break, which a URL parser drops'],
  ] as const) {
    it(`is not ${why}: it is compared character by character (RFC 8414 §2)`, () => {
      assert.equal(v.is(IssuerIdentifierSchema, text), false);
    });
  }
});
