import { parentPort, workerData } from 'node:worker_threads';
import { openEmbeddedStore } from '../../../adapters/embedded/store.ts';
import { makeClient } from '../../support/records.ts';

/** What a rival is told. */
export interface RivalOrder {
  readonly folder: string;
  readonly name: string;
  /** Counts the rivals that are ready: each begins when all are. */
  readonly ready: Int32Array;
  readonly rivals: number;
  readonly client_ids: readonly string[];
}

/** In a thread of its own: opens the store with all other rivals at once, and tells which of the clients it was first to create. */
async function compete({ folder, name, ready, rivals, client_ids }: RivalOrder): Promise<readonly string[]> {
  Atomics.add(ready, 0, 1);
  while (Atomics.load(ready, 0) < rivals);
  const { clients, close } = openEmbeddedStore(folder);
  const created: string[] = [];
  for (const client_id of client_ids) {
    if (await clients.create(makeClient(client_id, { client_name: name }))) created.push(client_id);
  }
  close();
  return created;
}

parentPort?.postMessage(await compete(workerData));
