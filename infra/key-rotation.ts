import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import * as v from 'valibot';
import { KeyRotationPeriodSchema } from '../core/key-rotation-period.ts';
import { KEY_ROTATION } from './endpoints.ts';
import { IssuerFunction, type LogKeeping } from './issuer-function.ts';
import type { Needed } from './needs.ts';

/** A period is days: whether a key is due is looked for once a day. */
const LOOK_INTERVAL = Duration.days(1);

/** Has a function look each day for keys that are to be followed by others. */
export function rotateKeys(scope: Construct, needed: Needed, logKeeping: LogKeeping): void {
  const lambda = new IssuerFunction(scope, KEY_ROTATION, needed, logKeeping);
  if (needed.envelopeKeys) lambda.node.addDependency(needed.envelopeKeys);
  const schedule = Schedule.rate(LOOK_INTERVAL);
  new Rule(scope, 'KeyRotationSchedule', { schedule, targets: [new LambdaFunction(lambda)] });
}

/** What the period of rotation can be where keys sign so; in seconds. */
export function keyRotationOf(signers: readonly string[]) {
  return v.optional(
    v.pipe(
      KeyRotationPeriodSchema,
      v.check(
        () => signers.includes('envelope'),
        'keys that sign in KMS follow each other by a deploy with a higher keyGeneration: leave this out, or choose the envelope signer',
      ),
    ),
  );
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
