import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AccessTokenClaims } from '../../core/access-token/access-token-claims.ts';
import type { Clock } from '../../core/clock.ts';
import type { TokenStore } from '../../core/ports/token-store.ts';
import { clientId, resourceIdentifier } from '../support/records.ts';

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

    it('has the claims of a reference token from the moment it was added, every one, and those of no other', async () => {
      const store = await openEmpty(() => NOW);
      const [one, other] = [makeClaims('jti-1'), makeClaims('jti-2', { scope: 'lire écrire' })];
      assert.equal(await store.find('jti-1'), undefined);
      await store.add(one);
      await store.add(other);
      assert.deepEqual(await store.find('jti-1'), one);
      assert.deepEqual(await store.find('jti-2'), other);
      for (const unknown of ['jti-3', 'jti-', 'JTI-1', 'jti-1 ', '']) {
        assert.equal(await store.find(unknown), undefined, unknown);
      }
    });

    it('has the claims of 25 reference tokens that were added at once', async () => {
      const store = await openEmpty(() => NOW);
      const all = Array.from({ length: 25 }, (_, index) => makeClaims(`jti-${index}`));
      await Promise.all(all.map((claims) => store.add(claims)));
      assert.deepEqual(await Promise.all(all.map(({ jti }) => store.find(jti))), all);
    });

    it('forgets no reference token before it has expired, whatever is added or revoked after it', async () => {
      let now = NOW;
      const store = await openEmpty(() => now);
      const [long, short] = [
        makeClaims('long', { exp: NOW + 86_400 }),
        makeClaims('short', { exp: NOW + 60 }),
      ];
      for (const claims of [long, short]) await store.add(claims);
      now = NOW + 59;
      await store.add(makeClaims('next'));
      assert.deepEqual(await store.find('short'), short);
      now = NOW + 86_399;
      await store.add(makeClaims('last', { exp: NOW + 90_000 }));
      await store.revoke('short', short.exp);
      assert.deepEqual(await store.find('long'), long);
    });

    it('knows a reference token as revoked from its revocation on, and no token as revoked for being added', async () => {
      const store = await openEmpty(() => NOW);
      await store.add(makeClaims('jti-1'));
      await store.add(makeClaims('jti-2'));
      assert.equal(await store.isRevoked('jti-1'), false);
      await store.revoke('jti-1', NOW + 3_600);
      assert.deepEqual([await store.isRevoked('jti-1'), await store.isRevoked('jti-2')], [true, false]);
    });
  });
}

/** Claims as reference tokens have them. */
function makeClaims(jti: string, claims: Partial<AccessTokenClaims> = {}): AccessTokenClaims {
  return {
    iss: 'https://auth.example.com',
    exp: NOW + 3_600,
    aud: resourceIdentifier('https://api.example.com'),
    sub: 'backend',
    client_id: clientId('backend'),
    iat: NOW,
    jti,
    ...claims,
  };
}
