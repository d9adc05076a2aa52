import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OAuthError } from '../../core/oauth-error.ts';
import { endpoint } from '../../http/endpoint.ts';
import type { RequestLogLine } from '../../http/request-log.ts';
import { httpApiEvent } from '../support/api-gateway-events.ts';

const HEADERS = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', Pragma: 'no-cache' };

/** The answer of an endpoint that fails with this, and what it logs. */
async function fail(error: unknown) {
  const lines: RequestLogLine[] = [];
  const handler = endpoint(
    'token',
    () => Promise.reject(error),
    (line) => lines.push(line),
  );
  const { body, ...response } = await handler(httpApiEvent({}));
  const [line] = lines;
  assert.ok(line);
  assert.equal(lines.length, 1);
  return { response, body: JSON.parse(body), line };
}

describe('oauthErrors', () => {
  for (const [code, status] of [
    ['invalid_request', 400],
    ['invalid_scope', 400],
    ['not_found', 404],
    ['server_error', 500],
  ] as const) {
    it(`makes ${code} a ${status} in JSON that no cache keeps (RFC 6749 §5.2)`, async () => {
      const { response, body } = await fail(new OAuthError(code, 'why'));
      assert.deepEqual(response, { statusCode: status, headers: HEADERS });
      assert.deepEqual(body, { error: code, error_description: 'why' });
    });
  }

  it('challenges a client that is not authenticated (RFC 6749 §5.2, RFC 9110 §15.5.2)', async () => {
    const { response, body, line } = await fail(
      new OAuthError('invalid_client', 'failed', { reason: 'wrong_secret' }),
    );
    assert.deepEqual(response, {
      statusCode: 401,
      headers: { ...HEADERS, 'WWW-Authenticate': 'Basic realm="signet", charset="UTF-8"' },
    });
    assert.deepEqual(body, { error: 'invalid_client', error_description: 'failed' });
    assert.deepEqual([line.error, line.reason], ['invalid_client', 'wrong_secret']);
  });

  it('lists the methods that there are (RFC 9110 §15.5.6)', async () => {
    const { response } = await fail(new OAuthError('method_not_allowed', 'no', { allow: ['GET', 'HEAD'] }));
    assert.deepEqual(response, { statusCode: 405, headers: { ...HEADERS, Allow: 'GET, HEAD' } });
  });

  it('says when to try again, and keeps what is broken for the log (RFC 9110 §10.2.3)', async () => {
    const cause = new TypeError('arn:aws:kms:us-east-1:000000000000:key/1 is disabled');
    const { response, body, line } = await fail(
      new OAuthError('temporarily_unavailable', 'try again', { cause, retryAfterSeconds: 5 }),
    );
    assert.deepEqual(response, { statusCode: 503, headers: { ...HEADERS, 'Retry-After': '5' } });
    assert.deepEqual(body, { error: 'temporarily_unavailable', error_description: 'try again' });
    assert.equal(line.error, 'temporarily_unavailable');
    assert.equal(line.fault, 'TypeError: arn:aws:kms:us-east-1:000000000000:key/1 is disabled');
  });

  for (const [what, error, fault] of [
    ['an Error', new RangeError('at the table Clients-1A2B'), 'RangeError: at the table Clients-1A2B'],
    [
      'an Error with a status of its own',
      Object.assign(new Error('no'), { statusCode: 418, status: 418 }),
      'Error: no',
    ],
    ['text', 'text', 'something that is no Error was thrown'],
    ['nothing', undefined, 'something that is no Error was thrown'],
    ['null', null, 'something that is no Error was thrown'],
  ] as const) {
    it(`says of ${what} only server_error, and to the log what broke`, async () => {
      const { response, body, line } = await fail(error);
      assert.deepEqual(response, { statusCode: 500, headers: HEADERS });
      assert.deepEqual(body, {
        error: 'server_error',
        error_description: 'something broke in the issuer: its log has the request id',
      });
      assert.deepEqual([line.status, line.error, line.fault], [500, 'server_error', fault]);
    });
  }

  it('writes no character that an error_description may not have (RFC 6749 §5.2)', async () => {
    const { body } = await fail(new OAuthError('invalid_request', 'a"b\\c\né\0\x7f~ !'));
    assert.equal(body.error_description, "a'b'c''''~ !");
  });
});
