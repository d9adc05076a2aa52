/** What metrics are made of: a line of the request log, which has more. */
export interface MeasuredLine {
  readonly endpoint: string;
  readonly status: number;
  readonly error?: string;
  readonly reason?: string;
}

/** The fields that are metrics of the whole issuer when a line has them, each with its unit. */
export const METRIC_UNITS = {
  tokens: 'Count',
  refusals: 'Count',
  faults: 'Count',
  key_age: 'Seconds',
  secret_expires_in: 'Seconds',
  dynamodb_ms: 'Milliseconds',
  kms_ms: 'Milliseconds',
  dynamodb_errors: 'Count',
  kms_errors: 'Count',
  aws_throttles: 'Count',
} as const;

/** Errors that are the way of the protocol, or of whoever tries all paths there are, and tell nothing of a client. */
const NO_REFUSALS = ['use_dpop_nonce', 'not_found'];

/** What a request came to, where that is counted. */
type Outcome = 'tokens' | 'refusals' | 'faults';

/**
 * A line of the request log with the metrics that CloudWatch is to make of its fields, in its embedded metric format.
 *
 * A dimension costs what a metric costs for each of its values, so its values are of a list in this code: endpoints, error codes and
 * reasons. Clients and resources stay fields, which the saved queries count by.
 */
export function withEmbeddedMetrics(line: MeasuredLine, namespace: string): object {
  const outcome = outcomeOf(line);
  const counted = { ...line, ...(outcome ? { [outcome]: 1 } : {}) };
  const directive = (dimensions: readonly string[], metrics: readonly object[]) => ({
    Namespace: namespace,
    Dimensions: [dimensions],
    Metrics: metrics,
  });
  const ofIssuer = Object.entries(METRIC_UNITS)
    .filter(([name]) => name in counted)
    .map(([Name, Unit]) => ({ Name, Unit }));
  const CloudWatchMetrics = [directive(['endpoint'], [{ Name: 'duration_ms', Unit: 'Milliseconds' }])];
  if (ofIssuer.length > 0) CloudWatchMetrics.push(directive([], ofIssuer));
  if (outcome === 'refusals' || outcome === 'faults') {
    const why = line.reason === undefined ? ['error'] : ['error', 'reason'];
    CloudWatchMetrics.push(directive(why, [{ Name: outcome, Unit: 'Count' }]));
  }
  return { ...counted, _aws: { Timestamp: Date.now(), CloudWatchMetrics } };
}

function outcomeOf({ endpoint, status, error }: MeasuredLine): Outcome | undefined {
  if (status >= 500) return 'faults';
  if (error !== undefined) return NO_REFUSALS.includes(error) ? undefined : 'refusals';
  return endpoint === 'token' ? 'tokens' : undefined;
}
