import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addClientSecret } from '../../../core/management/client-secrets.ts';
import { createClient } from '../../../core/management/clients.ts';
import { describeClient, describeResource } from '../../../core/management/description.ts';
import { listAll } from '../../../core/management/list-all.ts';
import { memoryPorts } from '../../support/memory-ports.ts';
import { makeClient, makeResource } from '../../support/records.ts';

describe('the description of a client', () => {
  it('says of its secrets when they were made, expire and whether they open anything, never their hash', async () => {
    let now = 1_800_000_000;
    const ports = { ...memoryPorts(), clock: () => now };
    const { client, secret } = await createClient(
      'backend',
      { client_name: 'A' },
      { expiresInSeconds: 60 },
      ports,
    );
    now += 30;
    const second = await addClientSecret(client.client_id, {}, ports);
    const stored = await ports.clients.find(client.client_id);
    assert.ok(stored && secret);
    const description = describeClient(stored, 1_800_000_060);
    assert.deepEqual(description, {
      client_id: 'backend',
      client_name: 'A',
      client_id_issued_at: 1_800_000_000,
      grant_types: [],
      resources: [],
      client_secrets: [
        {
          secret_id: secret.stored.secret_id,
          created_at: 1_800_000_000,
          expires_at: 1_800_000_060,
          active: false,
        },
        { secret_id: second.stored.secret_id, created_at: 1_800_000_030, active: true },
      ],
      enabled: true,
    });
    for (const { client_secret, stored: kept } of [secret, second]) {
      assert.equal(JSON.stringify(description).includes(client_secret), false);
      assert.equal(JSON.stringify(description).includes(kept.sha256), false);
    }
  });
});

describe('the description of a resource', () => {
  it('is the resource without its version', () => {
    const { version, ...resource } = makeResource('urn:example:api', { resource_name: 'A' });
    assert.deepEqual(describeResource(makeResource('urn:example:api', { resource_name: 'A' })), resource);
  });
});

describe('listAll', () => {
  for (const count of [0, 1, 99, 100, 101, 250]) {
    it(`lists ${count} records in the order of their identifiers`, async () => {
      const { clients } = memoryPorts();
      const all = Array.from({ length: count }, (_, n) => makeClient(String(1_000 + n)));
      for (const client of all.toReversed()) await clients.create(client);
      assert.deepEqual(await listAll(clients), all);
    });
  }
});
