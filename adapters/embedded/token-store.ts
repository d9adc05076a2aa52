import * as v from 'valibot';
import { AccessTokenClaimsSchema } from '../../core/access-token/access-token-claims.ts';
import type { Clock } from '../../core/clock.ts';
import type { TokenStore } from '../../core/ports/token-store.ts';
import type { Database } from './database.ts';
import { keepUntilWritten } from './keep-until-written.ts';

/** The reference tokens and the revoked ones in an embedded store; what has expired meanwhile leaves it with the next one. */
export function embeddedTokenStore(database: Database, clock: Clock): TokenStore {
  const insertReference = database.prepare(
    'INSERT INTO reference_token (jti, expires_at, claims) VALUES (?, ?, ?)',
  );
  const sweepReferences = database.prepare('DELETE FROM reference_token WHERE expires_at <= ?');
  const selectReference = database.prepare('SELECT claims FROM reference_token WHERE jti = ?');
  const insertRevoked = database.prepare(
    'INSERT INTO revoked_token (jti, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const sweepRevoked = database.prepare('DELETE FROM revoked_token WHERE expires_at <= ?');
  const selectRevoked = database.prepare('SELECT 1 FROM revoked_token WHERE jti = ?');
  const isKnownGood = keepUntilWritten(database, (jti: string) =>
    database.get(selectRevoked, jti) === undefined ? true : undefined,
  );

  return {
    async add(claims) {
      database.writeUnkept(sweepReferences, clock());
      database.writeUnkept(insertReference, claims.jti, claims.exp, JSON.stringify(claims));
    },
    async find(jti) {
      const row = database.get(selectReference, jti);
      return row && v.parse(AccessTokenClaimsSchema, JSON.parse(String(row['claims'])));
    },
    async revoke(jti, expiresAt) {
      database.writeUnkept(sweepRevoked, clock());
      database.write(insertRevoked, jti, expiresAt);
    },
    async isRevoked(jti) {
      return isKnownGood(jti) !== true;
    },
  };
}
