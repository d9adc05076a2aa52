import { openEmbeddedStore } from '../../adapters/embedded/store.ts';
import { createClient } from '../../core/management/clients.ts';

// Creates clients in the folder it is given until it is killed, and says of each when the store has acknowledged it.
const store = openEmbeddedStore(process.argv[2] ?? '');
for (;;) {
  const { client } = await createClient(undefined, {}, {}, store);
  process.stdout.write(`${client.client_id}\n`);
}
