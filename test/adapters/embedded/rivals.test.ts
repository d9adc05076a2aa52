import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { openEmbeddedStore } from '../../../adapters/embedded/store.ts';
import { listAll } from '../../../core/management/list-all.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import type { RivalOrder } from './rival.ts';

const CLIENT_IDS = Array.from({ length: 25 }, (_, n) => `client-${n}`);

/** Lets several threads open one store at the same moment and create the same clients; tells what each was first to create. */
async function race(folder: string, rivals: number): Promise<readonly (readonly string[])[]> {
  const ready = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  return Promise.all(
    Array.from({ length: rivals }, async (_, n): Promise<readonly string[]> => {
      const workerData: RivalOrder = { folder, name: `rival ${n}`, ready, rivals, client_ids: CLIENT_IDS };
      const worker = new Worker(new URL('rival.ts', import.meta.url), { workerData });
      const [created] = await once(worker, 'message');
      return created;
    }),
  );
}

describe('an embedded store that several open at the same moment', () => {
  const pathOf = temporaryFolder();

  it('is made once, and takes each record from one of them', async () => {
    const created = await race(pathOf('new'), 4);
    assert.deepEqual(created.flat().sort(), CLIENT_IDS.toSorted());
    const store = openEmbeddedStore(pathOf('new'));
    for (const { client_id, client_name } of await listAll(store.clients)) {
      assert.equal(client_name, `rival ${created.findIndex((ids) => ids.includes(client_id))}`);
    }
    store.close();
  });

  it('waits for one that is still making it', async () => {
    mkdirSync(pathOf('locked'));
    const maker = new DatabaseSync(pathOf('locked', 'signet.sqlite'));
    maker.exec('BEGIN IMMEDIATE');
    const created = race(pathOf('locked'), 1);
    await sleep(250);
    maker.exec('COMMIT');
    maker.close();
    assert.deepEqual(await created, [CLIENT_IDS]);
  });
});
