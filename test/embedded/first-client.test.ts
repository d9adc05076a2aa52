import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { type EmbeddedStore, openEmbeddedStore } from '../../adapters/embedded/store.ts';
import { createFirstClient } from '../../cli/serve/first-client.ts';
import { deleteClient } from '../../core/management/clients.ts';
import { clientId } from '../support/records.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('the first client', () => {
  const pathOf = temporaryFolder();
  let stores: readonly [EmbeddedStore, EmbeddedStore];
  let folders = 0;
  beforeEach(() => {
    const folder = pathOf(String(++folders));
    stores = [openEmbeddedStore(folder), openEmbeddedStore(folder)];
  });
  afterEach(() => {
    for (const store of stores) store.close();
  });

  const assertOneOfEach = async (client_id: string | undefined) => {
    for (const { clients, resources } of stores) {
      const made = (await clients.list(9)).items;
      assert.deepEqual(
        made.map((client) => client.client_id),
        [client_id],
      );
      const [resource, ...others] = (await resources.list(9)).items;
      assert.deepEqual(resource?.introspection_client_ids, [client_id]);
      assert.equal(resource.resource_name, 'Example API');
      assert.deepEqual(others, []);
    }
  };

  it('is made by one of two that find the store empty at the same time', async () => {
    const made = (await Promise.all(stores.map(createFirstClient))).filter((client) => client !== undefined);
    assert.equal(made.length, 1);
    await assertOneOfEach(made[0]?.client_id);
  });

  it('is made by one of two that start on what another left half done', async () => {
    const [store] = stores;
    const killed = new Error('killed');
    const create = mock.method(store.clients, 'create', () => Promise.reject(killed));
    await assert.rejects(createFirstClient(store), killed);
    create.mock.restore();
    const made = (await Promise.all(stores.map(createFirstClient))).filter((client) => client !== undefined);
    assert.equal(made.length, 1);
    await assertOneOfEach(made[0]?.client_id);
  });

  it('is not made anew once it was deleted', async () => {
    const [store, other] = stores;
    const made = await createFirstClient(store);
    await deleteClient(clientId(made?.client_id ?? ''), store);
    assert.equal(await createFirstClient(other), undefined);
    assert.deepEqual((await store.clients.list(9)).items, []);
  });
});
