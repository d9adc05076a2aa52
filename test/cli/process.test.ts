import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { before, describe, it } from 'node:test';
import { openEmbeddedStore } from '../../adapters/embedded/store.ts';
import { matchClientSecret } from '../../core/client-secret.ts';
import { runSignet, SIGNET } from '../support/signet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('signet as a process', () => {
  const pathOf = temporaryFolder();
  let environment: Readonly<Record<string, string>>;
  before(() => {
    openEmbeddedStore(pathOf()).close();
    environment = { SIGNET_DATA: pathOf() };
  });

  it('ends with 0 and answers on standard output; the folder may stand in SIGNET_DATA', async () => {
    const created = await runSignet(['resources', 'create', 'urn:api', '--json'], environment);
    assert.deepEqual([created.exitCode, created.stderr], [0, '']);
    assert.equal(JSON.parse(created.stdout).resource, 'urn:api');
  });

  it("ends with 2 on bad input, 1 on a fault that is not the user's, with one sentence on standard error", async () => {
    const bad = await runSignet(['clients', 'show', 'nobody'], environment);
    assert.deepEqual([bad.exitCode, bad.stdout], [2, '']);
    assert.match(bad.stderr, /^signet: there is no client nobody: [^\n]+\n$/);
    await mkdir(pathOf('damaged'));
    await writeFile(pathOf('damaged', 'signet.sqlite'), 'no database at all');
    const fault = await runSignet(['clients', 'list', '--data', pathOf('damaged')]);
    assert.deepEqual([fault.exitCode, fault.stdout], [1, '']);
    assert.match(fault.stderr, /^signet: the store in \S+ is damaged: [^\n]+\n$/);
  });

  it('takes over a secret from standard input, where no process list shows it', async () => {
    const secret = 'Zk3vQ9xT1bLm7Rw5Yc2Hs8Nd4Gf6Jp0A';
    const args = ['clients', 'create', 'imported', '--secret-stdin', '--json'];
    const { exitCode, stdout, stderr } = await runSignet(args, environment, `${secret}\n`);
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.equal(JSON.parse(stdout).client_secret, secret);
    const store = openEmbeddedStore(pathOf());
    const client = (await store.clients.list(1)).items[0];
    store.close();
    assert.equal(matchClientSecret(secret, client?.client_secrets, 0).match, 'match');
  });

  it('refuses to take over a secret that could be guessed', async () => {
    const args = ['clients', 'secrets', 'add', 'imported', '--secret-stdin'];
    assert.deepEqual(await runSignet(args, environment, 'hunter2\n'), {
      exitCode: 2,
      stdout: '',
      stderr:
        'signet: an imported secret is random, printable ASCII, 32 to 1024 characters of which at least 12 differ: leave it out to have one made\n',
    });
  });

  it('writes no colours, whatever the environment wishes', async () => {
    for (const args of [['resources', 'list'], ['bogus']]) {
      const { stdout, stderr } = await runSignet(args, {
        ...environment,
        FORCE_COLOR: '3',
        CLICOLOR_FORCE: '1',
      });
      assert.ok(!(stdout + stderr).includes('\x1b'));
    }
  });

  it('ends in peace when nobody reads its answer to the end (| head -1)', async () => {
    const child = spawn(process.execPath, [SIGNET, 'clients', 'list', '--data', pathOf()], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    const [[exitCode], stderr] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
    assert.deepEqual([exitCode, stderr], [0, '']);
  });

  it('ends with 1 when its answer cannot be written', async () => {
    const readOnly = await open(SIGNET, 'r');
    const child = spawn(process.execPath, [SIGNET, '--version'], { stdio: ['ignore', readOnly.fd, 'pipe'] });
    assert.ok(child.stderr);
    const [[exitCode], stderr] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
    await readOnly.close();
    assert.deepEqual([exitCode, stderr], [1, 'signet: EBADF: bad file descriptor, write\n']);
  });

  it('lets one of two that create the same client at once win, and tells the other', async () => {
    const args = ['clients', 'create', 'contested', '--data', pathOf()];
    const runs = await Promise.all([1, 2].map(() => runSignet(args)));
    const refused = { exitCode: 2, stdout: '', stderr: 'signet: there is a client contested already\n' };
    const losers = runs.filter((run) => run.exitCode !== 0);
    assert.deepEqual(losers, [refused]);
    assert.match(runs.find((run) => run.exitCode === 0)?.stdout ?? '', /^client_id +contested\n/);
  });
});
