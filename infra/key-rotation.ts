import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct, IDependable } from 'constructs';
import * as v from 'valibot';
import { KEY_ROTATION } from './endpoints.ts';
import { IssuerFunction, type LogKeeping } from './issuer-function.ts';
import type { Needed } from './needs.ts';

/** A period is days: whether a key is due is looked for once a day. */
const LOOK_INTERVAL = Duration.days(1);

/** Has a function look each day for keys that are to be followed by others. */
export function rotateKeys(
  scope: Construct,
  needed: Needed,
  keys: readonly IDependable[],
  logKeeping: LogKeeping,
): void {
  const lambda = new IssuerFunction(scope, KEY_ROTATION, needed, logKeeping);
  lambda.node.addDependency(...keys);
  const schedule = Schedule.rate(LOOK_INTERVAL);
  new Rule(scope, 'KeyRotationSchedule', { schedule, targets: [new LambdaFunction(lambda)] });
}

/** What the generation of keys can be where keys sign so. */
export function keyGenerationOf(signers: readonly string[]) {
  return v.pipe(
    v.number(),
    v.integer('write a whole number'),
    v.minValue(1, 'the first generation is 1'),
    v.check(
      (generation) => generation === 1 || signers.includes('kms'),
      'no key signs in KMS here: signet keys rotate, or keyRotation, has others follow those that sign in memory',
    ),
  );
}
