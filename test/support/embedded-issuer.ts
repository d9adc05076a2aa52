import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SIGNET } from './signet.ts';

/** An embedded issuer that runs in a process of its own, as its users start it. */
export interface EmbeddedIssuer {
  readonly issuer: string;
  readonly folder: string;
  /** The client of an empty store; undefined when the store was there before. */
  readonly client: FirstClient | undefined;
  readonly process: ChildProcess;
  /** All that it wrote to standard error: its request log. */
  log(): string;
  /** Ends it with a signal and tells its exit code; its folder stays. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** The client that an empty store gets. */
export interface FirstClient {
  readonly client_id: string;
  readonly client_secret: string;
  readonly resource: string;
  readonly scope: string;
}

/** Starts `signet serve` on a free port, in a new folder unless one is named. */
export async function startEmbeddedIssuer({
  folder,
  args = [],
}: {
  readonly folder?: string;
  readonly args?: readonly string[];
} = {}): Promise<EmbeddedIssuer> {
  const data = folder ?? (await mkdtemp(join(tmpdir(), 'signet-')));
  const serve = [SIGNET, 'serve', '--port', '0', '--json', '--data', data, ...args];
  const child = spawn(process.execPath, serve, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    log += chunk;
  });
  const exited = once(child, 'exit');
  const end = async (signal: NodeJS.Signals = 'SIGINT') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
    return child.exitCode;
  };
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exited.then(() => undefined),
  ]);
  if (!line) throw new Error(`signet serve ended before it was ready: ${log}`);
  const { issuer, client } = JSON.parse(line[0]) as { issuer: string; client?: FirstClient };
  return {
    issuer,
    folder: data,
    client,
    process: child,
    log: () => log,
    end,
    async stop() {
      await end('SIGKILL');
      await rm(data, { recursive: true, force: true });
    },
  };
}
