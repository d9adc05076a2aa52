import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Checks all that sqlite can check of a store, by a connection that changes nothing. */
export function assertIntact(folder: string): void {
  const database = new DatabaseSync(join(folder, 'signet.sqlite'), { readOnly: true });
  assert.deepEqual({ ...database.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' });
  database.close();
}
