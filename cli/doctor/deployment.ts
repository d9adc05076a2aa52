import { type DeployedStack, readStack } from '../../adapters/cloudformation/stack.ts';
import { readStackResources, type StackResource } from '../../adapters/cloudformation/stack-resources.ts';
import { readAlarms } from '../../adapters/cloudwatch/alarms.ts';
import { readRolePolicies } from '../../adapters/iam/role-policies.ts';
import { readKeyState } from '../../adapters/kms/key-state.ts';
import { type Clock, systemClock } from '../../core/clock.ts';
import { connectStore } from '../deployed-store.ts';
import type { ManagedStore } from '../managed-store.ts';
import { fetchDocument } from './fetch-document.ts';

/** A deployed issuer as checks look at it: each asks for what it needs, and may be denied it. */
export interface Deployment extends DeployedStack {
  /** The name of its stack. */
  readonly name: string;
  /** The clock of this machine. */
  readonly ownClock: Clock;
  readonly store: ManagedStore;
  resources(): Promise<readonly StackResource[]>;
  readonly readAlarms: typeof readAlarms;
  readonly readRolePolicies: typeof readRolePolicies;
  readonly readKeyState: typeof readKeyState;
  readonly fetchDocument: typeof fetchDocument;
}

/**
 * Opens a deployed issuer, with the operator's own credentials.
 *
 * @throws OAuthError `not_found` when there is no such stack, or no issuer in it
 */
export async function openDeployment(name: string): Promise<Deployment> {
  const stack = await readStack(name);
  let resources: Promise<readonly StackResource[]> | undefined;
  return {
    ...stack,
    name,
    ownClock: systemClock,
    store: await connectStore(name, stack),
    resources() {
      resources ??= readStackResources(name);
      return resources;
    },
    readAlarms,
    readRolePolicies,
    readKeyState,
    fetchDocument,
  };
}

/** What an output of a stack has that all issuers have. */
export function requireOutput({ name, outputs }: Deployment, output: string): string {
  const value = outputs.get(output);
  if (value !== undefined) return value;
  throw new Error(`the stack ${name} has no output ${output}`);
}
