import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseBasicCredentials } from '../../../core/client-authentication/client-secret-basic.ts';
import { CLIENT_SECRET_MAX_CHARACTERS } from '../../../core/limits.ts';
import { OAuthError } from '../../../core/oauth-error.ts';
import { basic } from '../../support/oauth-request.ts';

const UNREADABLE = {
  code: 'invalid_request',
  description:
    'the Authorization header is not Basic with base64 of client_id, colon, client_secret (RFC 6749 section 2.3.1)',
};

/** Encodes as application/x-www-form-urlencoded has it, which RFC 6749 §2.3.1 asks for. */
const formEncode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);

const TEXT = fc.string({ unit: 'binary', maxLength: 100 });

describe('parseBasicCredentials', () => {
  it('reads id and secret in both ways that clients write them (RFC 6749 §2.3.1, RFC 7617 §2)', () => {
    assert.deepEqual(parseBasicCredentials(basic('a%2Bb', 'c+d%25:e')), [
      { client_id: 'a+b', client_secret: 'c d%:e' },
      { client_id: 'a%2Bb', client_secret: 'c+d%25:e' },
    ]);
  });

  it('gives one reading where the two do not differ, or only one can be right', () => {
    const plain = { client_id: 'backend', client_secret: 'signet_secret_0' };
    assert.deepEqual(parseBasicCredentials(basic('backend', 'signet_secret_0')), [plain]);
    const raw = { client_id: 'a+b', client_secret: '100%' };
    assert.deepEqual(parseBasicCredentials(basic('a+b', '100%')), [raw]);
    const rawId = { client_id: '100%', client_secret: 'a+b' };
    assert.deepEqual(parseBasicCredentials(basic('100%', 'a+b')), [rawId]);
  });

  it('takes any case of the scheme, more spaces, no padding, and nothing before or behind the colon', () => {
    const userPass = { client_id: 'a', client_secret: 'b' };
    for (const header of ['basic YTpi', 'BASIC   YTpi', 'Basic YTpi']) {
      assert.deepEqual(parseBasicCredentials(header), [userPass], header);
    }
    const unpadded = { client_id: 'a', client_secret: 'bc' };
    assert.deepEqual(parseBasicCredentials('Basic YTpiYw'), [unpadded]);
    const nothing = { client_id: '', client_secret: '' };
    assert.deepEqual(parseBasicCredentials('Basic Og=='), [nothing]);
  });

  for (const [what, header] of [
    ['no header', undefined],
    ['nothing', ''],
    ['no scheme', ' YTpi'],
    ['no token for a scheme', 'Bäsic YTpi'],
    ['nothing behind Basic', 'Basic'],
    ['nothing behind Basic but a space', 'Basic '],
    ['two words behind Basic', 'Basic YTpi YTpi'],
    ['two headers, joined by a comma', 'Basic YTpi, Basic YTpi'],
    ['a tab behind Basic', 'Basic\tYTpi'],
    ['a parameter', 'Basic realm="a"'],
    ['base64url', `Basic ${Buffer.from('a:???>>>').toString('base64url')}`],
    ['padding within', 'Basic YT=pi'],
    ['too much padding', 'Basic YTpi==='],
    ['no colon', `Basic ${Buffer.from('backend').toString('base64')}`],
    ['bytes that are not UTF-8', `Basic ${Buffer.from([0x61, 0x3a, 0xff]).toString('base64')}`],
    ['a secret longer than any', basic('a', 's'.repeat(CLIENT_SECRET_MAX_CHARACTERS + 1))],
  ] as const) {
    it(`refuses ${what} as unreadable`, () => {
      assert.throws(() => parseBasicCredentials(header), UNREADABLE);
    });
  }

  for (const header of [
    'Bearer YTpi',
    'Digest username="a"',
    'DPoP a',
    'Basi YTpi',
    'Basic2 YTpi',
    'Negotiate',
  ]) {
    it(`refuses ${header}: it is another scheme`, () => {
      assert.throws(() => parseBasicCredentials(header), {
        code: 'invalid_client',
        description: 'client authentication failed',
        reason: 'unsupported_method',
      });
    });
  }

  it('reads a secret as long as secrets get, in the form encoding that makes it longer', () => {
    const client_secret = '%'.repeat(CLIENT_SECRET_MAX_CHARACTERS);
    const [decoded] = parseBasicCredentials(basic('backend', formEncode(client_secret)));
    assert.deepEqual(decoded, { client_id: 'backend', client_secret });
  });

  it('reads what clients write, the same, in the encoding that they chose', () => {
    fc.assert(
      fc.property(TEXT, TEXT, (client_id, client_secret) => {
        const [decoded] = parseBasicCredentials(basic(formEncode(client_id), formEncode(client_secret)));
        assert.deepEqual(decoded, { client_id, client_secret });
        const colonless = client_id.replaceAll(':', ';');
        const raw = parseBasicCredentials(basic(colonless, client_secret)).at(-1);
        assert.deepEqual(raw, { client_id: colonless, client_secret });
      }),
      { numRuns: 10_000 },
    );
  });

  it('gives one or two readings of any header, never the same twice, or refuses it', () => {
    const credentials = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => basic(text, '').slice('Basic '.length)),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
      fc.base64String(),
    );
    const scheme = fc.constantFrom('Basic ', 'basic  ', 'Basic', 'Bearer ', '');
    const header = fc.oneof(
      fc.tuple(scheme, credentials).map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(header, (authorization) => {
        try {
          const [one, other] = parseBasicCredentials(authorization);
          assert.notDeepEqual(one, other);
        } catch (error) {
          assert.ok(error instanceof OAuthError, String(error));
          assert.ok(['invalid_request', 'invalid_client'].includes(error.code), error.code);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});
