import { execFile } from 'node:child_process';
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
export function bootstrap(emulator: Emulator): Promise<void> {
  const { CDK_DEFAULT_ACCOUNT: account, AWS_REGION: region } = emulator.environment;
  return cdk(['bootstrap', `aws://${account}/${region}`], emulator);
}
