import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** The path of the command, to run it as its users do. */
export const SIGNET = join(import.meta.dirname, '../../cli/signet.ts');

/** How a run of the command ended. */
export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `signet` to its end; under another command, when one is named. */
export function runSignet(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  stdin = '',
  under: readonly string[] = [],
): Promise<Run> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    const [file = '', ...rest] = [...under, process.execPath, SIGNET, ...args];
    const child = execFile(file, rest, { env }, (error, stdout, stderr) => {
      resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr });
    });
    child.stdin?.end(stdin);
  });
}

/**
 * Runs `signet … --json` and reads its answer.
 *
 * @throws Error with what it wrote when it fails
 */
export async function signetJson(
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
  stdin?: string,
): Promise<unknown> {
  const { exitCode, stdout, stderr } = await runSignet([...args, '--json'], environment, stdin);
  if (exitCode === 0) return JSON.parse(stdout);
  throw new Error(`signet ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
}
