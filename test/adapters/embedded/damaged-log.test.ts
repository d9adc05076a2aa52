import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { openEmbeddedStore } from '../../../adapters/embedded/store.ts';
import { listAll } from '../../../core/management/list-all.ts';
import { assertIntact } from '../../support/intact-store.ts';
import { makeClient } from '../../support/records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const LOG = 'signet.sqlite-wal';
const CLIENT_IDS = Array.from({ length: 50 }, (_, n) => `client-${100 + n}`);
const PLACES = Array.from({ length: 16 }, (_, n) => n / 16);

const DAMAGES: ReadonlyMap<string, (bytes: Buffer, place: number) => Buffer> = new Map([
  ['is cut off', (bytes, place) => bytes.subarray(0, place)],
  ['has a byte changed', (bytes, place) => bytes.fill(~(bytes[place] ?? 0), place, place + 1)],
  ['is something else from there on', (bytes, place) => bytes.fill(0xff, place)],
]);

describe('a store whose log is damaged', () => {
  const pathOf = temporaryFolder();
  /** As a process that is killed leaves it: nothing that it wrote is in the file itself. */
  before(async () => {
    openEmbeddedStore(pathOf('made')).close();
    const store = openEmbeddedStore(pathOf('made'));
    for (const id of CLIENT_IDS) await store.clients.create(makeClient(id));
    cpSync(pathOf('made'), pathOf('killed'), { recursive: true });
    store.close();
  });

  for (const [damage, apply] of DAMAGES) {
    it(`has what was written before the place, in order, where it ${damage}`, async () => {
      const log = readFileSync(pathOf('killed', LOG));
      const counts: number[] = [];
      for (const [index, place] of PLACES.entries()) {
        const folder = pathOf(`${damage} ${index}`);
        cpSync(pathOf('killed'), folder, { recursive: true });
        writeFileSync(join(folder, LOG), apply(Buffer.from(log), Math.floor(place * log.length)));

        const store = openEmbeddedStore(folder);
        const kept = (await listAll(store.clients)).map((client) => String(client.client_id));
        assert.deepEqual(kept, CLIENT_IDS.slice(0, kept.length));
        counts.push(kept.length);
        await store.clients.create(makeClient('next'));
        store.close();
        assertIntact(folder);
      }
      assert.deepEqual(
        counts,
        counts.toSorted((a, b) => a - b),
      );
      assert.ok((counts.at(-1) ?? 0) > CLIENT_IDS.length / 2);
    });
  }
});
