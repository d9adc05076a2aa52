import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { KeyProps } from 'aws-cdk-lib/aws-kms';

/** Whether a key goes with its stack. */
export interface KeyKeeping {
  readonly throwAway: boolean;
}

/** The least that KMS waits before it deletes a key. */
const PENDING_WINDOW = Duration.days(7);

/** What becomes of a KMS key whose stack goes. */
export function keepKey({ throwAway }: KeyKeeping): Pick<KeyProps, 'removalPolicy' | 'pendingWindow'> {
  return throwAway
    ? { removalPolicy: RemovalPolicy.DESTROY, pendingWindow: PENDING_WINDOW }
    : { removalPolicy: RemovalPolicy.RETAIN };
}
