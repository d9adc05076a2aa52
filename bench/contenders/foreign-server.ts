import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { onServerCore } from '../pinning.ts';
import { CLIENT, type MeasuredServer, PLAIN_FORM } from './measured-server.ts';

/** A Java server reads its configuration and its database on one core, and not fast. */
const READY_MILLISECONDS = 180_000;
const POLL_MILLISECONDS = 250;

/** How a server is started that is not of this project. */
export interface ForeignServer {
  /** The program, its arguments and its environment. */
  readonly command: readonly [program: string, ...args: string[]];
  readonly environment?: Readonly<Record<string, string>>;
  /** A page that answers 200 as soon as the server does. */
  readonly ready: string;
  readonly url: string;
  readonly form?: string;
  /** What is to be done once it answers, such as to make the client. */
  configure?(): Promise<void>;
}

/** Whether a program can be started here by its name, and its CPU be measured: by what Linux tells of every process. */
export function isPresent(program: string, ...args: readonly string[]): boolean {
  return process.platform === 'linux' && spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

/** Starts a server in an empty folder of its own, and waits until it can give tokens. */
export async function startForeignServer({
  command,
  environment = {},
  ready,
  url,
  form = PLAIN_FORM,
  configure,
}: ForeignServer): Promise<MeasuredServer> {
  const folder = await mkdtemp(join(tmpdir(), 'signet-bench-'));
  const log = await open(join(folder, 'log'), 'w');
  const [program, ...args] = command;
  const child = spawn(...onServerCore(program, args), {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  const exited = once(child, 'exit');
  const { pid = 0 } = child;
  const stop = async () => {
    // A script that started the server hands on this one.
    if (child.exitCode === null) child.kill('SIGTERM');
    await exited;
    await rm(folder, { recursive: true });
  };
  try {
    await Promise.race([
      untilOk(ready),
      exited.then(() => Promise.reject(new Error(`${program} ended before it was ready`))),
    ]);
    await configure?.();
  } catch (cause) {
    const log = await readFile(join(folder, 'log'), 'utf8');
    await stop();
    throw new Error(`${program} cannot be measured: ${log.slice(-2_000)}`, { cause });
  }
  return { url, client: CLIENT, form, cpuMicroseconds: () => cpuOf(pid), stop };
}

async function untilOk(url: string): Promise<void> {
  const deadline = performance.now() + READY_MILLISECONDS;
  while (performance.now() < deadline) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await setTimeout(POLL_MILLISECONDS);
  }
  throw new Error(`${url} did not answer within ${READY_MILLISECONDS / 1_000} s`);
}

/** Microseconds that all threads of a process and of its children have run for: the first figure of `schedstat`, in nanoseconds. */
async function cpuOf(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const microseconds = threads.map(async (thread) => {
    const path = `/proc/${pid}/task/${thread}`;
    // A thread may end between.
    const [schedstat, children] = await Promise.all(
      ['schedstat', 'children'].map((file) => readFile(join(path, file), 'utf8').catch(() => '')),
    );
    const pids = children?.split(' ').filter((text) => text !== '') ?? [];
    const ofChildren = await Promise.all(pids.map((child) => cpuOf(Number(child))));
    return ofChildren.reduce((sum, own) => sum + own, Number(schedstat?.split(' ')[0]) / 1_000);
  });
  return (await Promise.all(microseconds)).reduce((sum, own) => sum + own, 0);
}
