import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { normalizeHttpUri } from '../../../core/dpop/http-uri.ts';

const PLAIN = 'https://auth.example.com/a/token';

describe('normalizeHttpUri', () => {
  for (const [what, uri] of [
    ['as it is', PLAIN],
    ['with a query and a fragment', `${PLAIN}?a=/b?c#d`],
    ['with scheme and host in capitals (RFC 3986 §6.2.2.1)', 'HTTPS://Auth.Example.COM/a/token'],
    ['with the port of its scheme (RFC 3986 §6.2.3)', 'https://auth.example.com:443/a/token'],
    ['with an empty port (RFC 3986 §6.2.3)', 'https://auth.example.com:/a/token'],
    ['with dots as segments (RFC 3986 §6.2.2.3)', 'https://auth.example.com/x/../a/./token'],
    ['with dots as segments in escapes', 'https://auth.example.com/x/%2E%2e/a/token'],
    ['with letters in escapes (RFC 3986 §6.2.2.2)', 'https://auth.example.com/%61/%74oken'],
  ] as const) {
    it(`is the same for a URI ${what}`, () => {
      assert.equal(normalizeHttpUri(uri), PLAIN);
    });
  }

  for (const [uri, normalized] of [
    ['https://auth.example.com', 'https://auth.example.com/'],
    ['https://auth.example.com?a', 'https://auth.example.com/'],
    ['http://auth.example.com:443/token', 'http://auth.example.com:443/token'],
    ['http://127.0.0.1:8787/token', 'http://127.0.0.1:8787/token'],
    ['http://[::1]:8787/token', 'http://[::1]:8787/token'],
    ['https://auth.example.com/token/', 'https://auth.example.com/token/'],
    ['https://auth.example.com/Token', 'https://auth.example.com/Token'],
    ['https://auth.example.com/a%2ftoken', 'https://auth.example.com/a%2Ftoken'],
    ['https://auth.example.com/a%40@%7E', 'https://auth.example.com/a%40@~'],
    ['https://auth.example.com//token', 'https://auth.example.com//token'],
  ] as const) {
    it(`keeps what tells ${uri} from others`, () => {
      assert.equal(normalizeHttpUri(uri), normalized);
    });
  }

  for (const uri of [
    ...['', '/token', '//auth.example.com/token', 'auth.example.com/token', 'https:auth.example.com/token'],
    ...[
      'https:/auth.example.com/token',
      'https:///auth.example.com/token',
      'https:\\\\auth.example.com/token',
    ],
    ...['https://user@auth.example.com/token', 'https://@auth.example.com/token', 'https://a:b@c.example/'],
    ...['ftp://auth.example.com/token', 'wss://auth.example.com/token', 'javascript:alert(1)'],
    ...[
      'https://auth.example.com/to ken',
      ' https://auth.example.com/token',
      'https://auth.example.com/token\n',
    ],
    ...[
      'https://auth.example.com/to\tken',
      'https://auth.example.com/to\0ken',
      'https://auth.example.com\\token',
    ],
    ...[
      'https://ａuth.example.com/token',
      'https://auth。example.com/token',
      'https://auth.example.com/tökén',
    ],
    ...['https://auth.example.com/%', 'https://auth.example.com/%zz', 'https://auth.example.com:99999/token'],
    ...['https://', 'https://?', 'https://[::1/token', 'https://auth.example.com:port/token'],
  ]) {
    it(`finds no URI in ${JSON.stringify(uri)}, and mends nothing`, () => {
      assert.equal(normalizeHttpUri(uri), undefined);
    });
  }

  it('is itself what it makes of any URL', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        const normalized = normalizeHttpUri(url);
        assert.ok(normalized !== undefined && normalizeHttpUri(normalized) === normalized);
      }),
    );
  });
});
