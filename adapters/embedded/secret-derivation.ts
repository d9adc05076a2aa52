import { createHmac, randomBytes } from 'node:crypto';
import type { SecretDerivation } from '../../core/ports/secret-derivation.ts';
import type { Database } from './database.ts';

/** As long as a key of HMAC-SHA-512 need be (RFC 2104 §3). */
const KEY_BYTES = 64;

/** Derives secrets by HMAC-SHA-512 with a key in an embedded store, made with the first of them. */
export function embeddedSecretDerivation(database: Database): SecretDerivation {
  const select = database.prepare('SELECT key FROM derivation_key');
  const insert = database.prepare(
    'INSERT INTO derivation_key (singleton, key) VALUES (1, ?) ON CONFLICT DO NOTHING',
  );

  const loadKey = (): Uint8Array => {
    const key = database.get(select)?.['key'];
    if (key instanceof Uint8Array) return key;
    database.write(insert, randomBytes(KEY_BYTES));
    return loadKey();
  };
  return {
    async derive(name) {
      return createHmac('sha512', loadKey()).update(name).digest();
    },
  };
}
