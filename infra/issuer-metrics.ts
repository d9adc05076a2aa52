import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';

/** The metrics that the functions have in their request log. */
type IssuerMetric =
  | 'tokens'
  | 'refusals'
  | 'faults'
  | 'key_age'
  | 'secret_expires_in'
  | 'dynamodb_ms'
  | 'kms_ms'
  | 'dynamodb_errors'
  | 'kms_errors'
  | 'aws_throttles';

/** What CloudWatch knows of an issuer, by the namespace of its metrics. */
export class IssuerMetrics {
  readonly namespace: string;

  constructor(namespace: string) {
    this.namespace = namespace;
  }

  /** A metric of the issuer as a whole. */
  metric(metricName: IssuerMetric, statistic: string, options: MetricOptions = {}): Metric {
    return new Metric({ namespace: this.namespace, metricName, statistic, ...options });
  }

  /** How often each of the codes, or codes and reasons, came that there were. */
  countsBy(metricName: 'refusals' | 'faults', ...dimensions: readonly string[]): MathExpression {
    const schema = [`"${this.namespace}"`, ...dimensions].join(',');
    return new MathExpression({
      expression: `SEARCH('{${schema}} MetricName="${metricName}"', 'Sum')`,
      label: '',
      period: Duration.minutes(5),
    });
  }
}
