import { alarms } from './alarms.ts';
import type { Check, Fault } from './check.ts';
import { clocks } from './clocks.ts';
import type { Deployment } from './deployment.ts';
import { jwks } from './jwks.ts';
import { keys } from './keys.ts';
import { kms } from './kms.ts';
import { metadata } from './metadata.ts';
import { operator } from './operator.ts';
import { permissions } from './permissions.ts';
import { secrets } from './secrets.ts';
import { stackStatus } from './stack-status.ts';

/** All there are, in the order in which they are told: what makes others fail comes first. */
export const CHECKS: readonly Check[] = [
  stackStatus,
  operator,
  permissions,
  kms,
  keys,
  jwks,
  metadata,
  clocks,
  secrets,
  alarms,
];

/** What a check came to: all is well, one thing is not, or it could not be told. */
export interface Diagnosis extends Pick<Fault, 'found'>, Partial<Pick<Fault, 'mend'>> {
  readonly check: string;
  readonly status: 'ok' | 'failed' | 'unknown';
}

/** Runs every check at once, and tells what they came to in their order, each as soon as it is known. */
export async function* examine(
  deployment: Deployment,
  checks: readonly Check[] = CHECKS,
): AsyncGenerator<Diagnosis> {
  const running = checks.map((check) => diagnose(check, deployment));
  for (const diagnoses of running) yield* await diagnoses;
}

/** A check that cannot run is no reason not to run the others. */
async function diagnose(check: Check, deployment: Deployment): Promise<readonly Diagnosis[]> {
  try {
    const faults = await check.findFaults(deployment);
    if (faults.length === 0) return [{ check: check.name, status: 'ok', found: check.well }];
    return faults.map((fault) => ({ check: check.name, status: 'failed', ...fault }));
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    return [
      {
        check: check.name,
        status: 'unknown',
        found: `it cannot be told: ${name}: ${message}`,
        mend: 'see that you may do what docs/operations.md, “Examine a deployment”, lists',
      },
    ];
  }
}
