import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Client } from '../../../core/client.ts';
import {
  changeRecord,
  createRecord,
  deleteRecord,
  requireRecord,
} from '../../../core/management/change-record.ts';
import type { ClientStore } from '../../../core/ports/record-store.ts';
import { memoryPorts } from '../../support/memory-ports.ts';
import { clientId, makeClient } from '../../support/records.ts';

const ID = clientId('backend');
const NOT_FOUND = {
  code: 'not_found',
  description: 'there is no client backend: signet clients list shows those there are',
};
const CONFLICT = {
  code: 'conflict',
  description: 'the client backend is being changed by others at the same time: try again',
};

/** A store in which someone else changes the record before each of the first `rivals` changes or removals. */
async function contendedStore(rivals: number): Promise<ClientStore> {
  const { clients } = memoryPorts();
  await clients.create(makeClient('backend'));
  let left = rivals;
  const interfere = async () => {
    left -= 1;
    if (left >= 0) await changeRecord('client', ID, clients, (client) => client);
  };
  return {
    ...clients,
    replace: async (client) => {
      await interfere();
      return clients.replace(client);
    },
    remove: async (client) => {
      await interfere();
      return clients.remove(client);
    },
  };
}

const disable = (client: Client) => ({ ...client, enabled: false });

describe('requireRecord and createRecord', () => {
  it('find a record that is there and add one that is not', async () => {
    const { clients } = memoryPorts();
    const client = makeClient('backend');
    await assert.rejects(requireRecord('client', ID, clients), NOT_FOUND);
    assert.equal(await createRecord('client', ID, clients, client), client);
    assert.deepEqual(await requireRecord('client', ID, clients), client);
    await assert.rejects(createRecord('client', ID, clients, makeClient('backend', { enabled: false })), {
      code: 'conflict',
      description: 'there is a client backend already',
    });
    assert.deepEqual(await requireRecord('client', ID, clients), client);
  });
});

describe('changeRecord', () => {
  it('changes a record to its next version', async () => {
    const { clients } = memoryPorts();
    await clients.create(makeClient('backend'));
    const changed = makeClient('backend', { enabled: false, version: 2 });
    assert.deepEqual(await changeRecord('client', ID, clients, async (client) => disable(client)), changed);
    assert.deepEqual(await clients.find(ID), changed);
  });

  it('fails where there is no record, and makes none', async () => {
    const { clients } = memoryPorts();
    await assert.rejects(changeRecord('client', ID, clients, disable), NOT_FOUND);
    assert.equal(await clients.find(ID), undefined);
  });

  it('leaves the record as it is when the change is refused', async () => {
    const { clients } = memoryPorts();
    await clients.create(makeClient('backend'));
    const refusal = new Error('refused');
    const refuse = () => {
      throw refusal;
    };
    await assert.rejects(changeRecord('client', ID, clients, refuse), refusal);
    assert.deepEqual(await clients.find(ID), makeClient('backend'));
  });

  it('starts again from the newer record when another change was first, four times', async () => {
    const clients = await contendedStore(4);
    assert.deepEqual(
      await changeRecord('client', ID, clients, disable),
      makeClient('backend', { enabled: false, version: 6 }),
    );
  });

  it('gives up when others keep changing the record', async () => {
    const clients = await contendedStore(5);
    await assert.rejects(changeRecord('client', ID, clients, disable), CONFLICT);
    assert.deepEqual(await clients.find(ID), makeClient('backend', { version: 6 }));
  });

  it('loses no change and invents none, in whatever order the store answers', async () => {
    const changers = fc.integer({ min: 1, max: 12 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), changers, async (scheduler, count) => {
        const { clients } = memoryPorts();
        await clients.create(makeClient('backend', { client_name: '' }));
        const store: ClientStore = {
          ...clients,
          find: scheduler.scheduleFunction(clients.find),
          replace: scheduler.scheduleFunction(clients.replace),
        };
        const append = (letter: string) =>
          changeRecord('client', ID, store, (client) => ({
            ...client,
            client_name: client.client_name + letter,
          }));
        const letters = Array.from({ length: count }, (_, n) => String.fromCharCode(97 + n));
        const outcomes = await scheduler.waitFor(Promise.allSettled(letters.map(append)));

        const accepted = letters.filter((_, index) => outcomes[index]?.status === 'fulfilled');
        const client = await clients.find(ID);
        assert.deepEqual([...(client?.client_name ?? '')].sort(), accepted);
        assert.equal(client?.version, accepted.length + 1);
        // Whoever was refused saw five others accepted.
        assert.ok(accepted.length >= Math.min(count, 5), `${accepted.length} of ${count}`);
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected') assert.equal(outcome.reason.description, CONFLICT.description);
        }
      }),
    );
  });
});

describe('deleteRecord', () => {
  it('deletes whatever version is there by then', async () => {
    const clients = await contendedStore(4);
    await deleteRecord('client', ID, clients);
    assert.equal(await clients.find(ID), undefined);
  });

  it('gives up when others keep changing the record, and fails where there is none', async () => {
    const clients = await contendedStore(5);
    await assert.rejects(deleteRecord('client', ID, clients), CONFLICT);
    await assert.rejects(deleteRecord('client', ID, memoryPorts().clients), NOT_FOUND);
  });
});
