import * as v from 'valibot';
import { KEY_ROTATION_PERIOD_MIN_SECONDS } from './limits.ts';

/** Seconds that a key signs before another follows it, where keys are rotated by themselves. */
export const KeyRotationPeriodSchema = v.pipe(
  v.number(),
  v.minValue(KEY_ROTATION_PERIOD_MIN_SECONDS, 'a key signs for two days at least before another follows it'),
);
