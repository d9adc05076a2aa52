import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import type { Alg } from '../core/jose/algorithms.ts';

const ROOT = join(import.meta.dirname, '..');
const CPU_USAGE = join(import.meta.dirname, 'cpu-usage.ts');

/** The line that a server writes when it is ready: the issuer's own, with `--json`. */
const ReadySchema = v.object({
  issuer: v.string(),
  client: v.object({ client_id: v.string(), client_secret: v.string() }),
});

/** A server in a process of its own, and the CPU that it uses. */
export interface MeasuredServer extends v.InferOutput<typeof ReadySchema> {
  /** Microseconds that all threads of the process have run for. */
  cpuMicroseconds(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the embedded issuer as its users do, with an empty store. */
export function startIssuer(alg: Alg): Promise<MeasuredServer> {
  return start((folder) => [
    join(ROOT, 'cli/signet.ts'),
    ...['serve', '--port', '0', '--json', '--algs', alg, '--data', join(folder, 'data')],
  ]);
}

/** Starts the floor, which signs in its own thread or in libuv's pool: which of them is cheaper depends on the load. */
export function startFloor(alg: Alg, signing: 'sync' | 'pool'): Promise<MeasuredServer> {
  return start(() => [join(import.meta.dirname, 'floor.ts'), '--alg', alg, '--signing', signing]);
}

async function start(command: (folder: string) => readonly string[]): Promise<MeasuredServer> {
  const folder = await mkdtemp(join(tmpdir(), 'signet-bench-'));
  // A file, as where a log goes that someone keeps.
  const log = await open(join(folder, 'log'), 'w');
  const child = spawn(process.execPath, ['--import', CPU_USAGE, ...command(folder)], {
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
  return {
    ...v.parse(ReadySchema, JSON.parse(String(line[0]))),
    async cpuMicroseconds() {
      const answer = once(child, 'message');
      child.send('cpu');
      const [microseconds] = await answer;
      return v.parse(v.number(), microseconds);
    },
    stop,
  };
}
