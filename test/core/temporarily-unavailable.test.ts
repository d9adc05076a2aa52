import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { temporarilyUnavailable } from '../../core/temporarily-unavailable.ts';

const CAUSE = new Error('KMS is slow');

describe('temporarilyUnavailable', () => {
  for (const reason of [undefined, 'hook_timed_out']) {
    it(`says when to try again, and why to the log alone: ${reason} (RFC 9110 §10.2.3, §15.6.4)`, () => {
      const error = temporarilyUnavailable(CAUSE, reason);
      assert.equal(error.status, 503);
      assert.equal(error.code, 'temporarily_unavailable');
      assert.equal(error.description, 'the issuer cannot answer just now: try again');
      assert.equal(error.retryAfterSeconds, 2);
      assert.equal(error.reason, reason);
      assert.equal(error.cause, CAUSE);
    });
  }
});
