import { mock } from 'node:test';
import { openEmbeddedStore } from '../../adapters/embedded/store.ts';
import { run } from '../../cli/run.ts';
import type { Run } from './signet.ts';

/** Runs `signet` in this process, one run at a time: for the many cases that need no process of their own. */
export async function callSignet(args: readonly string[]): Promise<Run> {
  const stdout = capture(process.stdout);
  const stderr = capture(process.stderr);
  try {
    const exitCode = await run(args);
    return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    stdout.end();
    stderr.end();
  }
}

/** The command on one embedded store. */
export interface SignetOnStore {
  readonly folder: string;
  run(...args: readonly string[]): Promise<Run>;
  /**
   * Runs with `--json` and reads the answer.
   *
   * @throws Error with what it wrote when it fails
   */
  json(...args: readonly string[]): Promise<unknown>;
}

/** The command on the store in a folder. */
export function signetOnStore(folder: string): SignetOnStore {
  const runOnStore = (...args: readonly string[]) => callSignet([...args, '--data', folder]);
  return {
    folder,
    run: runOnStore,
    async json(...args) {
      const { exitCode, stdout, stderr } = await runOnStore(...args, '--json');
      if (exitCode === 0) return JSON.parse(stdout);
      throw new Error(`signet ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
    },
  };
}

/** Makes an empty store in a folder and the command that works on it. */
export function signetOnNewStore(folder: string): SignetOnStore {
  openEmbeddedStore(folder).close();
  return signetOnStore(folder);
}

/** Takes the text that is written to a stream; the test runner's own reports are bytes, and go on. */
function capture(stream: NodeJS.WriteStream): { text(): string; end(): void } {
  let text = '';
  const write = stream.write.bind(stream);
  const { mock: method } = mock.method(stream, 'write', (chunk: string | Uint8Array) => {
    if (typeof chunk !== 'string') return write(chunk);
    text += chunk;
    return true;
  });
  return { text: () => text, end: () => method.restore() };
}
