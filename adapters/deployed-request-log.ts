import { takeCallMeasurements } from './aws/call-measurements.ts';
import { type MeasuredLine, withEmbeddedMetrics } from './cloudwatch/embedded-metrics.ts';
import { readSetting, SETTINGS } from './environment.ts';
import { logToStdout } from './log-to-stdout.ts';

/** Where the functions log requests: to standard output, and where metrics are wanted with these in the line. */
export function deployedRequestLog(): (line: MeasuredLine) => void {
  const namespace = readSetting(SETTINGS.metrics);
  if (namespace === undefined) return logToStdout;
  // What was called before the first request is none's.
  takeCallMeasurements();
  return (line) => logToStdout(withEmbeddedMetrics({ ...line, ...takeCallMeasurements() }, namespace));
}
