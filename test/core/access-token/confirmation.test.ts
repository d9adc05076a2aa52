import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Confirmation, tokenTypeOf } from '../../../core/access-token/confirmation.ts';

describe('tokenTypeOf', () => {
  for (const [confirmation, token_type] of [
    [undefined, 'Bearer'],
    [{ 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' }, 'Bearer'],
    [{ jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' }, 'DPoP'],
  ] satisfies [Confirmation | undefined, string][]) {
    const what = Object.keys(confirmation ?? { nothing: true }).join();
    it(`is ${token_type} for a token that is bound by ${what} (RFC 6749 §7.1, RFC 9449 §7.1)`, () => {
      assert.equal(tokenTypeOf(confirmation), token_type);
    });
  }
});
