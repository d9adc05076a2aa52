import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { before, describe, it } from 'node:test';
import { openEmbeddedStore } from '../../adapters/embedded/store.ts';
import { runSignet } from '../support/signet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('signet serve, where it cannot run', () => {
  const pathOf = temporaryFolder();
  before(() => openEmbeddedStore(pathOf()).close());

  /** Runs it to its end, which has to come by itself, and checks that it says why in one sentence. */
  const refuses = async (args: readonly string[], exitCode: number, sentence: string) => {
    const run = await runSignet(['serve', '--port', '0', '--data', pathOf(), ...args]);
    assert.deepEqual(run, { exitCode, stdout: '', stderr: `signet: ${sentence}\n` });
  };

  it('names the port that is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    try {
      const { port } = other.address() as AddressInfo;
      const sentence = `port ${port} is in use: choose another with --port, or 0 for a free one`;
      await refuses(['--port', String(port)], 2, sentence);
    } finally {
      other.close();
    }
  });

  it('names the host that is none of this machine', () =>
    refuses(
      ['--host', '192.0.2.1'],
      2,
      '192.0.2.1 is no address of this machine: choose another with --host',
    ));

  it('names the host that is no address', () =>
    refuses(['--host', 'no host'], 2, 'no host is no address: choose another with --host'));

  it('says so in JSON when that was asked for', async () => {
    const { exitCode, stdout, stderr } = await runSignet(['serve', '--host', 'no host', '--json']);
    assert.deepEqual([exitCode, stdout], [2, '']);
    const error_description = 'no host is no address: choose another with --host';
    assert.deepEqual(JSON.parse(stderr), { error: 'invalid_request', error_description });
  });

  it('names the file that should be a folder', async () => {
    const file = pathOf('file');
    await writeFile(file, '');
    const sentence = (path: string) => `${path} is no folder: name one, or one that can be made`;
    await refuses(['--data', file], 2, sentence(file));
    await refuses(['--data', pathOf('file', 'below')], 2, sentence(pathOf('file', 'below')));
  });
});
