import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { onServerCore } from '../pinning.ts';
import { type MeasuredServer, PLAIN_FORM } from './measured-server.ts';

const CPU_USAGE = join(import.meta.dirname, 'cpu-usage.ts');

/** The line that a server writes when it is ready: the issuer's own, with `--json`. */
const ReadySchema = v.object({
  issuer: v.string(),
  client: v.object({ client_id: v.string(), client_secret: v.string() }),
});

/** Starts a program that runs in Node as these do, with a folder for what it keeps. */
export async function startNodeServer(
  command: (folder: string) => readonly string[],
  form = PLAIN_FORM,
): Promise<MeasuredServer> {
  const folder = await mkdtemp(join(tmpdir(), 'signet-bench-'));
  // A file, as where a log goes that someone keeps.
  const log = await open(join(folder, 'log'), 'w');
  const child = spawn(...onServerCore(process.execPath, ['--import', CPU_USAGE, ...command(folder)]), {
    stdio: ['ignore', 'pipe', log.fd, 'ipc'],
  });
  await log.close();
  const exited = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGKILL');
    await exited;
    await rm(folder, { recursive: true });
  };
  const line = await Promise.race([
    once(createInterface(child.stdout ?? process.stdin), 'line'),
    exited.then(() => undefined),
  ]);
  if (!line) throw new Error('a server ended before it was ready');
  const { issuer, client } = v.parse(ReadySchema, JSON.parse(String(line[0])));
  return {
    url: `${issuer}/token`,
    client,
    form,
    async cpuMicroseconds() {
      const answer = once(child, 'message');
      child.send('cpu');
      const [microseconds] = await answer;
      return v.parse(v.number(), microseconds);
    },
    stop,
  };
}
