import type { Deployment } from './deployment.ts';

/** What is wrong with a deployment. */
export interface Fault {
  readonly found: string;
  /** What to do about it, with the command for it where there is one. */
  readonly mend: string;
}

/** One look at a deployment. */
export interface Check {
  readonly name: string;
  /** What is so when there is no fault. */
  readonly well: string;
  findFaults(deployment: Deployment): Promise<readonly Fault[]>;
}
