import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '../../core/clock.ts';
import type { TokenStore } from '../../core/ports/token-store.ts';

const NOW = 1_800_000_000;

/** Holds the TokenStore of an adapter to what the port promises. */
export function tokenStoreContract(adapter: string, openEmpty: (clock: Clock) => Promise<TokenStore>): void {
  describe(`TokenStore on ${adapter}`, () => {
    it('knows a token as revoked from its revocation on, and no other token', async () => {
      const store = await openEmpty(() => NOW);
      assert.equal(await store.isRevoked('jti-1'), false);
      await store.revoke('jti-1', NOW + 3_600);
      assert.equal(await store.isRevoked('jti-1'), true);
      for (const other of ['jti-2', 'jti-', 'JTI-1', 'jti-1 ']) {
        assert.equal(await store.isRevoked(other), false, other);
      }
    });

    it('takes the revocation of a revoked token for no fault, 25 at once too', async () => {
      const store = await openEmpty(() => NOW);
      await store.revoke('jti-1', NOW + 3_600);
      await Promise.all(Array.from({ length: 25 }, () => store.revoke('jti-1', NOW + 3_600)));
      assert.equal(await store.isRevoked('jti-1'), true);
    });

    it('forgets no token before it has expired, whatever is revoked after it', async () => {
      let now = NOW;
      const store = await openEmpty(() => now);
      await store.revoke('long', NOW + 86_400);
      await store.revoke('short', NOW + 60);
      now = NOW + 59;
      await store.revoke('next', NOW + 3_600);
      assert.equal(await store.isRevoked('short'), true);
      now = NOW + 86_399;
      await store.revoke('last', NOW + 90_000);
      assert.equal(await store.isRevoked('long'), true);
    });
  });
}
