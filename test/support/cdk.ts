import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Emulator } from './emulator.ts';

const ROOT = join(import.meta.dirname, '../..');
const CDK = join(ROOT, 'node_modules/aws-cdk/bin/cdk');
const OUTPUT_MAX_BYTES = 64 * 1024 * 1024;

/**
 * Runs the ordinary CDK CLI against the emulator.
 *
 * @throws Error with what it wrote when it fails
 */
export async function cdk(args: readonly string[], emulator: Emulator): Promise<void> {
  await promisify(execFile)(process.execPath, [CDK, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...emulator.environment },
    maxBuffer: OUTPUT_MAX_BYTES,
  });
}

/** Prepares the emulated account for deployments, once. */
export async function bootstrap(emulator: Emulator): Promise<void> {
  const { CDK_DEFAULT_ACCOUNT: account, AWS_REGION: region } = emulator.environment;
  // In a folder of its own: two at once do not share one.
  const output = await mkdtemp(join(tmpdir(), 'signet-bootstrap-'));
  try {
    await cdk(['bootstrap', `aws://${account}/${region}`, '--output', output], emulator);
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}
