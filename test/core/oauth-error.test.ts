import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OAuthError } from '../../core/oauth-error.ts';

describe('an OAuthError', () => {
  for (const [code, status, source] of [
    ['invalid_request', 400, 'RFC 6749 §5.2'],
    ['invalid_client', 401, 'RFC 6749 §5.2'],
    ['invalid_grant', 400, 'RFC 6749 §5.2'],
    ['unauthorized_client', 400, 'RFC 6749 §5.2'],
    ['unsupported_grant_type', 400, 'RFC 6749 §5.2'],
    ['invalid_scope', 400, 'RFC 6749 §5.2'],
    ['invalid_target', 400, 'RFC 8707 §2'],
    ['invalid_dpop_proof', 400, 'RFC 9449 §5'],
    ['use_dpop_nonce', 400, 'RFC 9449 §8'],
    ['invalid_client_metadata', 400, 'RFC 7591 §3.2.2'],
    ['server_error', 500, 'RFC 9110 §15.6.1'],
    ['temporarily_unavailable', 503, 'RFC 9110 §15.6.4'],
    ['not_found', 404, 'RFC 9110 §15.5.5'],
    ['method_not_allowed', 405, 'RFC 9110 §15.5.6'],
    ['conflict', 409, 'RFC 9110 §15.5.10'],
  ] as const) {
    it(`${code} goes out with the status ${status} (${source})`, () => {
      assert.equal(new OAuthError(code, 'why').status, status);
    });
  }

  it('says its code and description as an Error does, and keeps what is for the log apart', () => {
    const cause = new Error('the table is gone');
    const error = new OAuthError('temporarily_unavailable', 'try again', {
      reason: 'store',
      cause,
      allow: ['GET'],
      retryAfterSeconds: 2,
    });
    assert.equal(String(error), 'OAuthError: temporarily_unavailable: try again');
    const { code, description, reason, allow, retryAfterSeconds } = error;
    assert.deepEqual(
      { code, description, reason, allow, retryAfterSeconds },
      {
        code: 'temporarily_unavailable',
        description: 'try again',
        reason: 'store',
        allow: ['GET'],
        retryAfterSeconds: 2,
      },
    );
    assert.equal(error.cause, cause);
  });
});
