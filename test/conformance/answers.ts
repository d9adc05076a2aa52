import assert from 'node:assert/strict';
import type { Answer } from './wire.ts';

/** The status of each error code: RFC 6749 §5.2, RFC 8707 §2, RFC 9396 §5, RFC 9449 §5 and §8, and HTTP for the last two (RFC 9110 §15.5). */
const STATUS_BY_ERROR = {
  invalid_request: 400,
  invalid_client: 401,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  invalid_scope: 400,
  invalid_target: 400,
  invalid_dpop_proof: 400,
  use_dpop_nonce: 400,
  invalid_authorization_details: 400,
  not_found: 404,
  method_not_allowed: 405,
} as const;

/** No cache may keep what has to do with credentials or tokens (RFC 6749 §5.1, §5.2). */
export const UNCACHED = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** Asserts a whole answer; one with a body is JSON, with no member twice (RFC 6749 §3.2). */
export function assertAnswer({ status, headers, text }: Answer, expected: AnswerExpectation): void {
  const typed = expected.body === undefined ? {} : { 'content-type': 'application/json' };
  const expectedHeaders: AnswerExpectation['headers'] = { ...typed, ...expected.headers };
  const { 'content-type': _, ...others } = headers;
  // A gateway may name the type of nothing.
  const ignored = text === '' && expectedHeaders['content-type'] === undefined;
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  assert.deepEqual(
    { status, headers: ignored ? others : headers, body },
    { status: expected.status, headers: expectedHeaders, body: expected.body },
  );
  assert.equal(text, JSON.stringify(body) ?? '');
}

interface AnswerExpectation {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Asserts a whole error response (RFC 6749 §5.2). */
export function assertError(
  answer: Answer,
  error: keyof typeof STATUS_BY_ERROR,
  error_description: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const status = STATUS_BY_ERROR[error];
  const challenge = status === 401 ? { 'www-authenticate': 'Basic realm="signet", charset="UTF-8"' } : {};
  const expected = { ...UNCACHED, ...challenge, ...headers };
  assertAnswer(answer, { status, headers: expected, body: { error, error_description } });
  assert.match(
    error_description,
    /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/,
    'RFC 6749 §5.2 gives it these characters',
  );
}

/** Asserts the one answer to every failed client authentication (RFC 6749 §5.2). */
export function assertNotAuthenticated(answer: Answer): void {
  assertError(answer, 'invalid_client', 'client authentication failed');
}

/** Asserts a whole token response (RFC 6749 §5.1) and tells its token. */
export function assertToken(answer: Answer, { scope, expires_in = 3600 }: TokenExpectation): string {
  const [, access_token = 'a token'] = /"access_token":"([\w.-]+)"/.exec(answer.text) ?? [];
  const granted = scope === undefined ? {} : { scope };
  const body = { access_token, token_type: 'Bearer', expires_in, ...granted };
  assertAnswer(answer, { status: 200, headers: UNCACHED, body });
  return access_token;
}

interface TokenExpectation {
  readonly scope: string | undefined;
  readonly expires_in?: number;
}

/** Asserts the whole answer to a token that is not active: nothing else, and to all the same (RFC 7662 §2.2). */
export function assertInactive(answer: Answer): void {
  assertAnswer(answer, { status: 200, headers: UNCACHED, body: { active: false } });
}
