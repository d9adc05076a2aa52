/** A service of AWS whose calls are measured. */
export type MeasuredService = 'dynamodb' | 'kms';

/** What a call of AWS came to. */
export type CallOutcome = 'answered' | 'failed' | 'throttled';

/** What the calls of AWS for one request took and came to, as the request log has it: of each try, for each is a call of its own. */
export interface CallMeasurements {
  /** Milliseconds, one number a call. */
  dynamodb_ms?: number[];
  kms_ms?: number[];
  /** How many of them failed. */
  dynamodb_errors?: number;
  kms_errors?: number;
  /** How many of these failed for there being too many. */
  aws_throttles?: number;
}

/** None until somebody asks for them, so that they do not pile up where nobody does. */
let measurements: CallMeasurements | undefined;

/** Writes down a call, where calls are asked after. */
export function recordCall(service: MeasuredService, outcome: CallOutcome, milliseconds: number): void {
  if (measurements === undefined) return;
  const rounded = Math.round(milliseconds * 100) / 100;
  measurements[`${service}_ms`] = [...(measurements[`${service}_ms`] ?? []), rounded];
  if (outcome === 'answered') return;
  const errors = `${service}_errors` as const;
  measurements[errors] = (measurements[errors] ?? 0) + 1;
  if (outcome === 'throttled') measurements.aws_throttles = (measurements.aws_throttles ?? 0) + 1;
}

/** The calls since this was asked last: those of one request, for a Lambda environment has one at a time. */
export function takeCallMeasurements(): CallMeasurements {
  const taken = measurements ?? {};
  measurements = {};
  return taken;
}
