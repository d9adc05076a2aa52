import * as v from 'valibot';
import type { SigningKeyStore } from '../../core/ports/signing-key-store.ts';
import { EMPTY_KEY_SET, type KeySet, KeySetSchema } from '../../core/signing-key.ts';
import type { Database } from './database.ts';

/** The key set in an embedded store. */
export function embeddedSigningKeyStore(database: Database): SigningKeyStore {
  const selectVersion = database.prepare('SELECT version FROM key_set');
  const select = database.prepare('SELECT document FROM key_set');
  const insert = database.prepare(
    'INSERT INTO key_set (singleton, version, document) VALUES (1, ?, ?) ON CONFLICT DO NOTHING',
  );
  const update = database.prepare('UPDATE key_set SET version = ?, document = ? WHERE version = ?');
  let latest: KeySet = EMPTY_KEY_SET;

  return {
    // Every request loads the key set and it changes once in months: it is parsed again only when its version is another.
    async load() {
      const version = selectVersion.get()?.['version'] ?? EMPTY_KEY_SET.version;
      if (version !== latest.version)
        latest = v.parse(KeySetSchema, JSON.parse(String(select.get()?.['document'])));
      return latest;
    },
    async replace(keySet) {
      const document = JSON.stringify(keySet);
      const { changes } =
        keySet.version === EMPTY_KEY_SET.version + 1
          ? insert.run(keySet.version, document)
          : update.run(keySet.version, document, keySet.version - 1);
      return changes === 1;
    },
  };
}
