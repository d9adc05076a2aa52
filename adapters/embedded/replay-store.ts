import type { Clock } from '../../core/clock.ts';
import type { ReplayStore } from '../../core/ports/replay-store.ts';
import type { Database } from './database.ts';

/** What was used once, in an embedded store; what may be used again leaves it with the next use of anything. */
export function embeddedReplayStore(database: Database, clock: Clock): ReplayStore {
  const insert = database.prepare(
    'INSERT INTO replay (key, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const sweep = database.prepare('DELETE FROM replay WHERE expires_at <= ?');

  return {
    async remember(key, until) {
      database.writeUnkept(sweep, clock());
      return database.writeUnkept(insert, key, until) === 1;
    },
  };
}
