import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { synthesize } from '../support/synthesized-stack.ts';

const stack = synthesize({ api: 'rest' });

test("a throw-away stack does not touch the account's log role, and so has no access log", () => {
  const { ofType, only } = synthesize({ api: 'rest', throwAway: true });
  assert.deepEqual(ofType('AWS::ApiGateway::Account'), []);
  assert.equal(only('AWS::ApiGateway::Stage').Properties['AccessLogSetting'], undefined);
});

describe("the API's own errors", () => {
  const RESPONSES = {
    DEFAULT_4XX: [undefined, 'invalid_request', undefined],
    DEFAULT_5XX: [undefined, 'server_error', undefined],
    MISSING_AUTHENTICATION_TOKEN: ['404', 'not_found', undefined],
    REQUEST_TOO_LARGE: [undefined, 'invalid_request', undefined],
    THROTTLED: [undefined, 'temporarily_unavailable', "'1'"],
    INTEGRATION_TIMEOUT: ['503', 'temporarily_unavailable', "'1'"],
  };

  test('are all there', () => {
    const types = stack
      .ofType('AWS::ApiGateway::GatewayResponse')
      .map(({ Properties }) => Properties['ResponseType']);
    assert.deepEqual(types.sort(), Object.keys(RESPONSES).sort());
  });

  for (const [type, [status, code, retryAfter]] of Object.entries(RESPONSES)) {
    test(`${type} is ${code} in JSON that no cache keeps (RFC 6749 §5.2)`, () => {
      const [response] = stack
        .ofType('AWS::ApiGateway::GatewayResponse')
        .filter(({ Properties }) => Properties['ResponseType'] === type);
      const { StatusCode, ResponseParameters, ResponseTemplates } = response?.Properties ?? {};
      assert.equal(StatusCode, status);
      assert.deepEqual(ResponseParameters, {
        'gatewayresponse.header.Cache-Control': "'no-store'",
        'gatewayresponse.header.Pragma': "'no-cache'",
        ...(retryAfter === undefined ? {} : { 'gatewayresponse.header.Retry-After': retryAfter }),
      });
      const templates = ResponseTemplates as Readonly<Record<string, string>>;
      assert.deepEqual(Object.keys(templates), ['application/json']);
      const body = JSON.parse(templates['application/json'] ?? '');
      assert.deepEqual(Object.keys(body), ['error', 'error_description']);
      assert.equal(body.error, code);
      assert.match(body.error_description, /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
    });
  }
});
