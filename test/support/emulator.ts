import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rename, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

/** What the venv holds: pinned, as the lockfile pins the rest. */
const PACKAGES = ['ministack==1.5.33', 'cryptography==50.0.2'];
const ROOT = join(import.meta.dirname, '../..');
/** Leads to the venv once that is complete; named by what it holds, so that a new pin makes a new venv. */
const VENV = join(ROOT, '.emulator', PACKAGES.join('+'));
const START_SECONDS = 60;

/** An AWS emulator that runs now. */
export interface Emulator {
  readonly endpoint: string;
  /** What the AWS SDKs and the CDK CLI need in their environment to speak to it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends it if we started it; one that `AWS_ENDPOINT_URL` named stays up. */
  stop(): Promise<void>;
}

/**
 * The emulator that `AWS_ENDPOINT_URL` names, LocalStack for one; else a ministack of our own on a free port, installed into a
 * Python venv at the first use.
 *
 * @param settings environment variables for ministack, such as `AUTH=true` to enforce IAM policies
 */
export async function startEmulator(settings: Readonly<Record<string, string>> = {}): Promise<Emulator> {
  const named = process.env['AWS_ENDPOINT_URL'];
  if (named) return { endpoint: named, environment: awsEnvironment(named), stop: async () => undefined };
  await installMinistack();
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const child = await spawnMinistack(port, settings);
  const stop = () => end(child);
  try {
    await untilHealthy(endpoint, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, environment: awsEnvironment(endpoint), stop };
}

function awsEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    CDK_DEFAULT_ACCOUNT: '000000000000',
    CDK_DEFAULT_REGION: 'us-east-1',
  };
}

/** Test files that start together each install a venv of their own: none sees another's half made, and the last one stays. */
async function installMinistack(): Promise<void> {
  if (existsSync(VENV)) return;
  const run = promisify(execFile);
  process.stderr.write('Installing the AWS emulator into .emulator…\n');
  await mkdir(join(ROOT, '.emulator'), { recursive: true });
  const own = await mkdtemp(join(ROOT, '.emulator/venv-'));
  await run('python3', ['-m', 'venv', own]);
  await run(join(own, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', ...PACKAGES]);
  await symlink(own, `${own}.link`);
  await rename(`${own}.link`, VENV);
}

async function spawnMinistack(
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const log = await open(join(ROOT, `.emulator/ministack-${port}.log`), 'w');
  const child = spawn(join(VENV, 'bin/ministack'), {
    env: {
      ...process.env,
      // Functions run under the Node that is first in PATH: this one.
      PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      IOT_MTLS_ENABLED: '0',
      ...settings,
    },
    stdio: ['ignore', log.fd, log.fd],
    // A group of its own, so that the functions it runs end with it.
    detached: true,
  });
  await log.close();
  return child;
}

async function untilHealthy(endpoint: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_SECONDS * 1000;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error(
    `the emulator did not start at ${endpoint}: see .emulator/ministack-${new URL(endpoint).port}.log`,
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  const killed = sleep(10_000, 'kill', { ref: false });
  if ((await Promise.race([exited, killed])) === 'kill') process.kill(-child.pid, 'SIGKILL');
  await exited;
}
