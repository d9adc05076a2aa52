import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { runSignet } from '../support/signet.ts';
import { signetOnNewStore } from '../support/signet-in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NO_AWS = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_REGION: 'us-east-1' };

describe('the store that a management command works on', () => {
  const pathOf = temporaryFolder();
  let folder: string;
  before(() => {
    folder = signetOnNewStore(pathOf('store')).folder;
  });

  it('is the folder of --data, whatever stack the environment names', async () => {
    const environment = { ...NO_AWS, SIGNET_STACK: 'Signet' };
    const { exitCode, stdout } = await runSignet(
      ['clients', 'list', '--data', folder, '--json'],
      environment,
    );
    assert.deepEqual({ exitCode, stdout }, { exitCode: 0, stdout: '[]\n' });
  });

  it('is the stack of --stack, whatever folder the environment names', async () => {
    const environment = {
      ...NO_AWS,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      SIGNET_DATA: folder,
    };
    const { exitCode, stderr } = await runSignet(['clients', 'list', '--stack', 'Signet'], environment);
    assert.deepEqual(
      { exitCode, stderr },
      { exitCode: 1, stderr: 'signet: the issuer cannot answer just now: try again\n' },
    );
  });

  it('is not guessed when both --data and --stack name one', async () => {
    const both = ['clients', 'list', '--data', folder, '--stack', 'Signet'];
    const { exitCode, stdout, stderr } = await runSignet(both);
    assert.deepEqual(
      { exitCode, stdout, stderr },
      { exitCode: 2, stdout: '', stderr: 'signet: --data and --stack name two stores: choose one\n' },
    );
  });
});
