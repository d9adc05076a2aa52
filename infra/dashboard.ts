import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  LogQueryWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { IssuerApi } from './issuer-api.ts';
import type { IssuerMetrics } from './issuer-metrics.ts';

const WIDTH = 24;
const HALF = WIDTH / 2;
const SECONDS_PER_DAY = Duration.days(1).toSeconds();

/** What clients and resources are counted by: no metric is made of them, for there can be thousands. */
const QUERIES = {
  'Tokens by client and resource': [
    'filter tokens = 1',
    'stats count(*) as tokens by client_id, resource',
    'sort tokens desc',
  ],
  'Refusals by client': [
    'filter refusals = 1',
    'stats count(*) as refusals by coalesce(client_id, unknown_client_id_sha256) as client, error, reason',
    'sort refusals desc',
  ],
  'Secrets that expire next': [
    'filter ispresent(secret_expires_in)',
    `stats min(secret_expires_in) / ${SECONDS_PER_DAY} as days by client_id`,
    'sort days asc',
  ],
};

interface DashboardProps {
  readonly metrics: IssuerMetrics;
  readonly api: IssuerApi;
  readonly alarms: readonly IAlarm[];
  readonly functions: readonly IFunction[];
  /** The log groups of the functions. */
  readonly logGroupNames: readonly string[];
}

/** An issuer on one page: what it answers, how long that and AWS take, how old its keys are, and for whom. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { metrics, api, alarms, functions, logGroupNames } = props;
    const percentiles = (name: 'dynamodb_ms' | 'kms_ms') => [
      metrics.metric(name, 'p50'),
      metrics.metric(name, 'p99'),
    ];
    const sum = (...names: Parameters<IssuerMetrics['metric']>[0][]) =>
      names.map((name) => metrics.metric(name, 'Sum'));
    const dashboard = new CloudWatchDashboard(this, 'Dashboard', { defaultInterval: Duration.days(1) });
    dashboard.addWidgets(new AlarmStatusWidget({ alarms: [...alarms], width: WIDTH, title: 'Alarms' }));
    dashboard.addWidgets(
      graph('Requests', [
        api.metrics.metricCount({ label: 'requests' }),
        api.metrics.metricClientError({ label: '4xx' }),
        api.metrics.metricServerError({ label: '5xx' }),
      ]),
      graph('Latency', [
        api.metrics.metricLatency({ statistic: 'p50', label: 'p50' }),
        api.metrics.metricLatency({ statistic: 'p99', label: 'p99' }),
      ]),
      graph('Tokens, refusals, faults', sum('tokens', 'refusals', 'faults')),
      graph('Why requests were refused', [
        metrics.countsBy('refusals', 'error', 'reason'),
        metrics.countsBy('refusals', 'error'),
      ]),
      graph('Calls of AWS, in milliseconds', [...percentiles('kms_ms'), ...percentiles('dynamodb_ms')]),
      graph('Calls of AWS that failed', sum('kms_errors', 'dynamodb_errors', 'aws_throttles')),
      graph('Age of the keys that sign, in seconds', [metrics.metric('key_age', 'Maximum')]),
      graph(
        'Throttled starts of functions',
        functions.map((each) => each.metricThrottles({ label: each.node.id })),
      ),
    );
    for (const [title, queryLines] of Object.entries(QUERIES)) {
      dashboard.addWidgets(
        new LogQueryWidget({ title, queryLines, logGroupNames: [...logGroupNames], width: WIDTH }),
      );
    }
  }
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: HALF });
}
