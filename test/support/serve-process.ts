import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { SIGNET } from './signet.ts';

/** A `signet serve` that runs. */
export interface ServeProcess {
  readonly process: ChildProcess;
  /** All that it wrote to standard output so far. */
  output(): string;
  /** All that it wrote to standard error so far: its request log. */
  log(): string;
  /** Ends it with a signal, unless it has ended, and tells its exit code; null when the signal killed it. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * Runs `signet serve` and waits until it says that it is ready.
 *
 * @throws Error with what it wrote when it ends before
 */
export async function startServe(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ServeProcess> {
  const child = spawn(process.execPath, [SIGNET, 'serve', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const written = { output: '', log: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    written.output += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    written.log += chunk;
  });
  const closed = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), closed]);
  if (written.output === '') throw new Error(`signet serve ended before it was ready: ${written.log}`);
  return {
    process: child,
    output: () => written.output,
    log: () => written.log,
    async end(signal = 'SIGINT') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await closed;
      return child.exitCode;
    },
  };
}
