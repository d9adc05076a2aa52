import { execFile, spawnSync } from 'node:child_process';

/** Long enough to install and compile on a slow machine. */
const TIMEOUT_MILLISECONDS = 600_000;

/** How a shell script ended. */
export interface ScriptRun {
  readonly exitCode: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** Why tests are skipped: the command that works where their language is fails, and outside CI nobody has to have every language. */
export function skipWithout(probe: string): string | false {
  const mayMiss = process.env['CI'] !== 'true' && spawnSync('sh', ['-c', probe]).status !== 0;
  return mayMiss && `not run, for this fails here: ${probe}`;
}

/** Runs a shell script until a command of it fails. */
export function runScript(
  script: string,
  {
    cwd,
    environment = {},
    stdin = '',
  }: {
    readonly cwd: string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly stdin?: string;
  },
): Promise<ScriptRun> {
  const options = { cwd, env: { ...process.env, ...environment }, timeout: TIMEOUT_MILLISECONDS };
  return new Promise((resolve) => {
    const child = execFile('sh', ['-ec', script], options, (error, stdout, stderr) => {
      resolve({ exitCode: error ? error.code : 0, stdout, stderr });
    });
    child.stdin?.end(stdin);
  });
}
