import type { Clock } from '../../core/clock.ts';
import type { TokenStore } from '../../core/ports/token-store.ts';
import type { Database } from './database.ts';

/** The revoked tokens in an embedded store; those that have expired meanwhile leave it with the next revocation. */
export function embeddedTokenStore(database: Database, clock: Clock): TokenStore {
  const insert = database.prepare(
    'INSERT INTO revoked_token (jti, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const sweep = database.prepare('DELETE FROM revoked_token WHERE expires_at <= ?');
  const select = database.prepare('SELECT 1 FROM revoked_token WHERE jti = ?');

  return {
    async revoke(jti, expiresAt) {
      sweep.run(clock());
      insert.run(jti, expiresAt);
    },
    async isRevoked(jti) {
      return select.get(jti) !== undefined;
    },
  };
}
