import * as v from 'valibot';
import { EMPTY_KEY_SET, KeySetSchema } from '../../core/jose/signing-key.ts';
import type { SigningKeyStore } from '../../core/ports/signing-key-store.ts';
import type { Table } from './client.ts';
import { putNextVersion } from './versioned-item.ts';

const KEY_SET = 'key-set';

/** The key set in the Keys table: its only item. */
export function dynamodbSigningKeyStore(table: Table): SigningKeyStore {
  return {
    async load() {
      const item = await table.read(KEY_SET);
      return item === undefined ? EMPTY_KEY_SET : v.parse(v.object(KeySetSchema.entries), item);
    },
    replace: (keySet) => putNextVersion(table, { record: KEY_SET, ...keySet }),
  };
}
