import * as v from 'valibot';
import type { SigningKeyStore } from '../../core/ports/signing-key-store.ts';
import { EMPTY_KEY_SET, KeySetSchema } from '../../core/signing-key.ts';
import type { Database } from './database.ts';
import { keepUntilWritten } from './keep-until-written.ts';

/** The key of the only row. */
const SINGLETON = 1;

/** The key set in an embedded store. */
export function embeddedSigningKeyStore(database: Database): SigningKeyStore {
  const select = database.prepare('SELECT document FROM key_set WHERE singleton = ?');
  const insert = database.prepare(
    'INSERT INTO key_set (singleton, version, document) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const update = database.prepare('UPDATE key_set SET version = ?, document = ? WHERE version = ?');
  const find = keepUntilWritten(database, (singleton: number) => {
    const row = select.get(singleton);
    return row && v.parse(KeySetSchema, JSON.parse(String(row['document'])));
  });

  return {
    async load() {
      return find(SINGLETON) ?? EMPTY_KEY_SET;
    },
    async replace(keySet) {
      const { version } = keySet;
      const document = JSON.stringify(keySet);
      const written =
        version === EMPTY_KEY_SET.version + 1
          ? database.write(insert, SINGLETON, version, document)
          : database.write(update, version, document, version - 1);
      return written === 1;
    },
  };
}
