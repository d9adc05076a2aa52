import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import type { FirstClient } from '../support/embedded-issuer.ts';
import { readmeBlocks, readmeSections, runBlocks } from '../support/readme.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('the README', () => {
  it('has no shell block that no test runs', async () => {
    const files = globSync('test/**/*.ts', { cwd: ROOT });
    const tests = await Promise.all(files.map((file) => readFile(join(ROOT, file), 'utf8')));
    const sections = [...(await readmeSections()).keys()];
    const left = sections.filter(
      (section) => !tests.some((test) => test.includes(`readmeBlocks('${section}')`)),
    );
    assert.deepEqual(left, []);
  });

  it('has the test command that .ci/run runs', async () => {
    const lines = (await readFile(join(ROOT, '.ci/run'), 'utf8')).trimEnd().split('\n');
    assert.deepEqual(await readmeBlocks('Test'), [`${lines.at(-1)}\n`]);
  });
});

describe('the commands of the README', () => {
  const folder = temporaryFolder();
  let started: Started;

  before(async () => {
    process.env['SIGNET_DATA'] = folder('store');
    started = await npmStart();
  });
  after(() => started.stop());

  it('start an issuer, get a token from it and verify one', async () => {
    const [start, ...blocks] = await readmeBlocks('A first token');
    assert.equal(start, 'npm ci && npm start\n');
    const { issuer, client } = started;
    const { client_id, client_secret } = client;
    const values = { SIGNET_ISSUER: issuer, CLIENT_ID: client_id, CLIENT_SECRET: client_secret };
    const [, answer = '', verified = ''] = await runBlocks(blocks, values);
    const { access_token, ...rest } = JSON.parse(answer);
    assert.match(access_token, /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
    assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 3600, scope: 'read write' });
    const [claims = '', introspection = ''] = verified.split('\n');
    assert.equal(JSON.parse(claims).iss, issuer);
    assert.equal(JSON.parse(introspection).active, true);
  });

  it('manage its clients and resources', async () => {
    const blocks = await readmeBlocks('Manage clients and resources');
    const [made = '', secrets = ''] = await runBlocks(blocks);
    assert.match(made, /^client_secret +signet_secret_\w{49}$/m);
    assert.match(secrets, / true\n.* true\n$/);
  });
});

interface Started {
  readonly issuer: string;
  readonly client: FirstClient;
  stop(): Promise<void>;
}

/** Runs `npm start` as the README does, but on a free port. */
async function npmStart(): Promise<Started> {
  const args = ['start', '--', '--port', '0', '--json'];
  // A group of its own: a terminal, too, sends Ctrl-C to npm and to what npm runs.
  const child = spawn('npm', args, { cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) {
    if (!line.startsWith('{')) continue;
    const { issuer, client } = JSON.parse(line);
    return {
      issuer,
      client,
      async stop() {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
        await exited;
      },
    };
  }
  throw new Error('npm start ended before the issuer was ready');
}
