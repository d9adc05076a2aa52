import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { openEmbeddedStore } from '../../adapters/embedded/store.ts';
import { listAll } from '../../core/management/list-all.ts';
import { requestAccessToken } from '../support/connect-issuer.ts';
import { startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { requestIntrospection } from '../support/form-request.ts';
import { assertIntact } from '../support/intact-store.ts';
import { signetJson } from '../support/signet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CREATE_CLIENTS = join(import.meta.dirname, '../support/create-clients.ts');

/** How many creations a process acknowledges before it is killed in the midst of the next ones. */
const ACKNOWLEDGED = [1, 20, 60];

describe('an embedded store after kill -9', () => {
  const pathOf = temporaryFolder();

  const assertKept = async (folder: string, acknowledged: readonly string[]) => {
    const store = openEmbeddedStore(folder);
    const kept = new Set<string>((await listAll(store.clients)).map((client) => client.client_id));
    store.close();
    assert.deepEqual(
      acknowledged.filter((id) => !kept.has(id)),
      [],
    );
    assertIntact(folder);
  };

  for (const count of ACKNOWLEDGED) {
    it(`has every write that a process was told of, killed after ${count}`, async () => {
      const folder = pathOf(String(count));
      const child = spawn(process.execPath, [CREATE_CLIENTS, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const acknowledged: string[] = [];
      createInterface(child.stdout).on('line', (line) => {
        acknowledged.push(line);
        if (acknowledged.length === count) child.kill('SIGKILL');
      });
      await once(child, 'close');
      assert.equal(child.signalCode, 'SIGKILL');
      assert.ok(acknowledged.length >= count);
      await assertKept(folder, acknowledged);
    });
  }

  it('has what the command created while the issuer was killed, and its tokens are good', async (t) => {
    const folder = pathOf('issuer');
    const args = ['--issuer', 'http://issuer.example'];
    const killed = await startEmbeddedIssuer({ folder, args });
    t.after(() => killed.end());
    assert.ok(killed.client);
    const access_token = await requestAccessToken({ issuer: killed.url, ...killed.client });
    const creating = ['a', 'b', 'c'].map((id) => signetJson(['clients', 'create', id, '--data', folder]));
    // The first is acknowledged, the others are somewhere on their way.
    await Promise.race(creating);
    assert.equal(await killed.end('SIGKILL'), null);
    await Promise.all(creating);
    await assertKept(folder, [killed.client.client_id, 'a', 'b', 'c']);

    const again = await startEmbeddedIssuer({ folder, args });
    t.after(() => again.end());
    assert.equal(again.client, undefined);
    assert.equal((await requestIntrospection(again.url, killed.client, access_token)).active, true);
  });
});
