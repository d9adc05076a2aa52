import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { assertError, assertToken } from './answers.ts';
import { ORDERS_SCOPE } from './registrations.ts';
import { basic, FORM_ENDPOINTS, type FormEndpoint, type Suite } from './suite.ts';
import type { Front } from './target.ts';

/** A good body for each endpoint, for something bad to be put behind it; and how long a body may be. */
const ENDPOINTS: Readonly<Record<FormEndpoint, { readonly good: string; readonly maxBytes: number }>> = {
  token_endpoint: { good: 'grant_type=client_credentials', maxBytes: 65_536 },
  introspection_endpoint: { good: 'token=a-token-that-nobody-issued', maxBytes: 2_097_152 },
  revocation_endpoint: { good: 'token=a-token-that-nobody-issued', maxBytes: 65_536 },
};

const REPEATED = 'a parameter stands in the body more than once (RFC 6749 section 3.2)';
const BROKEN = 'the body has broken percent-encoding or is not UTF-8 (RFC 6749 Appendix B)';
const NUL = 'the body has a NUL byte';
const NOT_UTF8 = 'the body is not UTF-8 (RFC 6749 Appendix B)';
const NO_FORM = 'the Content-Type is not application/x-www-form-urlencoded (RFC 6749 section 3.2)';

/** What stands behind a good body, and what is said of it. */
const BAD_ENDS: readonly (readonly [what: string, end: string, error_description: string])[] = [
  ['scope twice', '&scope=a&scope=b', REPEATED],
  ['client_id twice', '&client_id=a&client_id=a', REPEATED],
  ['client_secret twice', '&client_secret=a&client_secret=b', REPEATED],
  ['token_type_hint twice', '&token_type_hint=a&token_type_hint=b', REPEATED],
  ['an unknown parameter twice', '&unknown=a&unknown=b', REPEATED],
  ['__proto__ twice', '&__proto__=a&__proto__=b', REPEATED],
  ['a parameter twice in two encodings', '&scope=a&%73cope=b', REPEATED],
  ['a percent sign at the end', '&a=100%', BROKEN],
  ['a percent sign and one digit', '&a=%4', BROKEN],
  ['a percent sign and no digits', '&a=%zz', BROKEN],
  ['a percent sign in a name', '&%=a', BROKEN],
  ['half a character', '&a=%e2%82', BROKEN],
  ['a byte that no character has', '&a=%ff', BROKEN],
  ['an overlong NUL', '&a=%c0%80', BROKEN],
  ['half a surrogate pair', '&a=%ed%a0%80', BROKEN],
  ['an encoded NUL in a value', '&a=b%00c', NUL],
  ['an encoded NUL in a name', '&a%00b=c', NUL],
  ['a NUL as it stands', '&a=b\0c', NUL],
  ['64 parameters more', '&a'.repeat(64), 'the body has more than 64 parameters'],
];

/** What stands behind a good body and is no text; a REST API gives its function text, whatever came. */
const BAD_BYTES: readonly (readonly [what: string, end: Uint8Array])[] = [
  ['bytes that are not UTF-8', Buffer.from('&a=\xff\xfe', 'latin1')],
  ['half a character as it stands', Buffer.from('&a=\xe2\x82', 'latin1')],
  ['what gzip makes of a form', gzipSync('&a=b')],
];

const OTHER_CONTENT_TYPES = [
  ...['application/json', 'text/plain', 'multipart/form-data; boundary=x', '*/*'],
  ...['application/x-www-form-urlencoded2', 'x-application/x-www-form-urlencoded', 'application/x-www-form'],
];

const FORM_CONTENT_TYPES = [
  'application/x-www-form-urlencoded; charset=UTF-8',
  'application/x-www-form-urlencoded;charset=utf-8',
  'Application/X-WWW-Form-URLEncoded',
];

/** What forms are made of. */
const PARTS = ['grant_type', 'client_credentials', 'token', 'scope', '=', '&', '%', '%00', '+', '__proto__'];

/** As many as an issuer behind the slowest front answers in a few seconds. */
const REQUESTS = 100;

/** Requests that are no good form (RFC 6749 §3.2, §5.2, Appendix B): a 4xx that says why, and never a 5xx. */
export function describeMalformedRequests(suite: () => Suite, front: Front): void {
  describe('malformed requests', () => {
    for (const endpoint of FORM_ENDPOINTS) describeEndpoint(endpoint, suite, front);

    for (const contentType of FORM_CONTENT_TYPES) {
      it(`takes the Content-Type ${contentType} (RFC 9110 §8.3.1)`, async () => {
        const headers = { Authorization: basic(suite().clients.singleResource), 'Content-Type': contentType };
        const answer = await suite().post('token_endpoint', ENDPOINTS.token_endpoint.good, headers);
        assertToken(answer, { scope: ORDERS_SCOPE });
      });
    }

    it('takes a body in chunks (RFC 9112 §7.1)', async () => {
      const headers = {
        Authorization: basic(suite().clients.singleResource),
        'Transfer-Encoding': 'chunked',
      };
      const answer = await suite().post('token_endpoint', ENDPOINTS.token_endpoint.good, headers);
      assertToken(answer, { scope: ORDERS_SCOPE });
    });

    it('takes a body of 64 kB to the byte', async () => {
      const form = `${ENDPOINTS.token_endpoint.good}&a=`.padEnd(65_536, 'a');
      const answer = await suite().postAs(suite().clients.singleResource, 'token_endpoint', form);
      assertToken(answer, { scope: ORDERS_SCOPE });
    });

    it('answers with a 4xx in JSON, whatever stands in the body and the Authorization header', async () => {
      const body = fc.array(fc.oneof(fc.constantFrom(...PARTS), fc.string({ unit: 'binary', maxLength: 8 })));
      const credentials = fc.string({ unit: fc.constantFrom(...'Basic =:,;"\\abcYWJj\t\xe9') });
      const authorization = fc.oneof(
        credentials,
        credentials.map((text) => `Basic ${btoa(text)}`),
      );
      const requests = fc.asyncProperty(
        fc.constantFrom(...FORM_ENDPOINTS),
        body,
        authorization,
        async (endpoint, parts, header) => {
          const { status, text } = await suite().post(endpoint, parts.join(''), { Authorization: header });
          assert.ok([400, 401].includes(status), `status ${status}`);
          assert.deepEqual(Object.keys(JSON.parse(text)), ['error', 'error_description']);
        },
      );
      await fc.assert(requests, { numRuns: REQUESTS });
    });

    // API Gateway has a limit of its own, at half of that.
    if (front === 'embedded') {
      it('answers 431 to headers of 20 kB (RFC 6585 §5)', async () => {
        const headers = { Authorization: `Basic ${'A'.repeat(20_000)}` };
        const answer = await suite().post('token_endpoint', ENDPOINTS.token_endpoint.good, headers);
        assert.deepEqual(
          [answer.status, JSON.parse(answer.text)],
          [431, { error: 'invalid_request', error_description: 'the header fields are too long' }],
        );
      });
    }
  });
}

function describeEndpoint(endpoint: FormEndpoint, suite: () => Suite, front: Front): void {
  const { good, maxBytes } = ENDPOINTS[endpoint];
  const itRefuses = (what: string, body: string | Uint8Array, description: string, headers = {}) =>
    it(`refuses ${what} as invalid_request (RFC 6749 §3.2, §5.2, Appendix B)`, async () => {
      const authorization = { Authorization: basic(suite().clients.shop) };
      const answer = await suite().post(endpoint, body, { ...authorization, ...headers });
      assertError(answer, 'invalid_request', description);
    });

  describe(endpoint, () => {
    for (const [what, end, description] of BAD_ENDS) itRefuses(what, good + end, description);
    for (const [what, end] of front === 'REST API' ? [] : BAD_BYTES) {
      itRefuses(what, Buffer.concat([Buffer.from(good), end]), NOT_UTF8);
    }
    for (const contentType of [undefined, ...OTHER_CONTENT_TYPES]) {
      itRefuses(`${contentType ?? 'no'} as Content-Type`, good, NO_FORM, { 'Content-Type': contentType });
    }
    const tooLong = `${good}&a=`.padEnd(maxBytes + 1, 'a');
    itRefuses(`a body of ${maxBytes + 1} bytes`, tooLong, `the body has more than ${maxBytes} bytes`);

    it('judges the form before the credentials, and tells nothing of them (RFC 6749 §5.2)', async () => {
      const { postAs, clients } = suite();
      const wrong = { ...clients.shop, client_secret: 'wrong' };
      const form = `${good}&a=%zz`;
      assert.deepEqual(await postAs(wrong, endpoint, form), await postAs(clients.shop, endpoint, form));
    });
  });
}
