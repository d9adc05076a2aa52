import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { AccessTokenLifetimeSchema } from '../../core/access-token/access-token-lifetime.ts';
import { isResourceIdentifier, ResourceIdentifierSchema, ResourceSchema } from '../../core/resource.ts';

describe('a resource identifier', () => {
  for (const uri of [
    'https://api.example.com',
    'https://api.example.com:8443/v1/?tenant=a%20b',
    'http://[::1]:8080/',
    'urn:example:api',
    "urn:!$&'()*+,;=-._~:@/?[]%20",
    'api://00000000-0000-0000-0000-000000000000',
    'HTTPS://API.EXAMPLE.COM',
    `https://a/${'a'.repeat(502)}`,
  ]) {
    it(`may be ${uri.slice(0, 50)} (RFC 8707 §2)`, () => {
      assert.equal(v.parse(ResourceIdentifierSchema, uri), uri);
      assert.ok(isResourceIdentifier(uri));
    });
  }

  for (const [text, why] of [
    ['', 'nothing'],
    ['api.example.com', 'no URI'],
    ['/v1', 'relative'],
    ['https:', 'without anything behind its scheme'],
    ['https://', 'without a host'],
    ['https://api.example.com:99999', 'of a port that cannot be'],
    ['1https://api.example.com', 'of no scheme'],
    ['https://api.example.com#read', 'with a fragment'],
    ['https://api.example.com#', 'with an empty fragment'],
    [' https://api.example.com', 'with a space'],
    ['https://api.example.com\n', 'with a line break'],
    ['https://api.example.com/a"b', 'with a quote'],
    ['https://api.example.com/<a>', 'with angle brackets'],
    ['https://api.example.com/a\\b', 'with a backslash'],
    ['https://api.example.com/é', 'not ASCII'],
    [`https://a/${'a'.repeat(503)}`, 'longer than 512 characters'],
  ] as const) {
    it(`is not ${why} (RFC 8707 §2, RFC 3986 §4.3)`, () => {
      assert.deepEqual([v.is(ResourceIdentifierSchema, text), isResourceIdentifier(text)], [false, false]);
    });
  }

  it('may be any URL, and nothing that has no scheme, has a fragment or is not of the characters of a URI', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, size: '-1' }), (url) =>
        v.is(ResourceIdentifierSchema, url),
      ),
    );
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', 'https://a/', 'urn:'),
        (text, before) => {
          const isOne = v.is(ResourceIdentifierSchema, before + text);
          if (isOne) assert.match(before + text, /^[A-Za-z][A-Za-z0-9+.-]*:[!$-;=?-[\]_a-z~]+$/);
        },
      ),
    );
  });
});

describe('a page about a resource', () => {
  const { resource_documentation: schema } = ResourceSchema.entries;

  it('is at an https URL (RFC 9728 §2)', () => {
    for (const url of ['https://docs.example.com', `https://a/${'a'.repeat(502)}`, 'https://a/b?c=d#e']) {
      assert.equal(v.is(schema, url), true, url);
    }
  });

  for (const url of [
    ...['', 'docs.example.com', '/docs', 'https://', 'https:docs', 'http://docs.example.com', 'ftp://a/b'],
    ...['javascript:alert(1)', 'JavaScript:alert(1)', 'data:text/html,a', ' https://a', 'https://a/b c'],
    ...['https://a/\n', 'https://a/é', 'https://a:99999/', `https://a/${'a'.repeat(503)}`],
  ]) {
    it(`is not at ${JSON.stringify(url.slice(0, 40))} (RFC 9728 §7.7)`, () => {
      assert.equal(v.is(schema, url), false);
    });
  }
});

describe('the lifetime of an access token', () => {
  it('is a whole number of seconds from a minute to a day', () => {
    for (const seconds of [60, 3_600, 86_400]) assert.equal(v.is(AccessTokenLifetimeSchema, seconds), true);
    for (const seconds of [59, 86_401, 0, -60, 60.5, Number.NaN, '60']) {
      assert.equal(v.is(AccessTokenLifetimeSchema, seconds), false, String(seconds));
    }
  });
});
