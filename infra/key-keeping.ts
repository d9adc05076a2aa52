import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { KeyProps } from 'aws-cdk-lib/aws-kms';

/** Whether a key goes with its stack, and whether it can be in other Regions too. */
export interface KeyKeeping {
  readonly throwAway: boolean;
  readonly multiRegion: boolean;
}

/** The least that KMS waits before it deletes a key. */
const PENDING_WINDOW = Duration.days(7);

/** What becomes of a KMS key whose stack goes, and whether KMS makes it so that it can be replicated: it cannot be changed into one later. */
export function keepKey({
  throwAway,
  multiRegion,
}: KeyKeeping): Pick<KeyProps, 'multiRegion' | 'pendingWindow'> & { readonly removalPolicy: RemovalPolicy } {
  return {
    ...(multiRegion ? { multiRegion } : {}),
    ...(throwAway
      ? { removalPolicy: RemovalPolicy.DESTROY, pendingWindow: PENDING_WINDOW }
      : { removalPolicy: RemovalPolicy.RETAIN }),
  };
}
