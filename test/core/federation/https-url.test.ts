import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import { HostSchema, HttpsUrlSchema } from '../../../core/federation/https-url.ts';

describe('a URL to fetch from', () => {
  for (const url of [
    'https://shop.example.com',
    'https://shop.example.com:8443/jwks.json?tenant=1',
    'https://[2606:4700::1111]/jwks',
  ]) {
    it(`may be ${url}`, () => assert.equal(v.is(HttpsUrlSchema, url), true));
  }

  for (const url of [
    ...[
      'http://shop.example.com/',
      'HTTPS://shop.example.com',
      'ftp://shop.example.com',
      'shop.example.com',
      '',
    ],
    ...[
      'https://',
      'https:shop.example.com',
      'https://user@shop.example.com',
      'https://:secret@shop.example.com',
    ],
    ...[
      'https://shop.example.com/#',
      'https://shop.example.com/#keys',
      'https://shop.example.com\\@attacker.example',
    ],
    ...[
      'https://shop.example.com/a b',
      ' https://shop.example.com',
      'https://shop.example.com\n',
      'https://ｓｈｏｐ.example',
    ],
    ...['https://shop.example.com\t.attacker.example', 'https://shop.example.com:65536', 'https://[::1'],
    `https://shop.example.com/${'a'.repeat(512)}`,
  ]) {
    it(`is none: ${JSON.stringify(url.slice(0, 60))}`, () => assert.equal(v.is(HttpsUrlSchema, url), false));
  }
});

describe('a host', () => {
  for (const host of ['localhost', 'issuer.internal', '10.0.0.1', '[::1]']) {
    it(`may be ${host}`, () => assert.equal(v.is(HostSchema, host), true));
  }

  for (const host of [
    '',
    'localhost:443',
    'LOCALHOST',
    '*',
    'a/b',
    'user@localhost',
    '10.1',
    '::1',
    'a b',
    'ä.example',
  ]) {
    it(`is none: ${JSON.stringify(host)}`, () => assert.equal(v.is(HostSchema, host), false));
  }
});
