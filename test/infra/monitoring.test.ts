import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Duration } from 'aws-cdk-lib';
import { METRIC_UNITS } from '../../adapters/cloudwatch/embedded-metrics.ts';
import { ENDPOINTS } from '../../infra/endpoints.ts';
import { type SynthesizedStack, synthesize } from '../support/synthesized-stack.ts';

const NAMESPACE = 'Signet/Signet/Issuer';
const DAY = 86_400;
const stack = synthesize({ registration: true });

test('every endpoint has metrics in its request log, in a namespace of the issuer', () => {
  const namespaces = stack
    .ofType('AWS::Lambda::Function')
    .flatMap(({ name }) => stack.environment(name)['SIGNET_METRICS'] ?? []);
  // Introspection has one of two, and only one Region has nobody to ask whether it is well.
  assert.deepEqual(namespaces, Array(ENDPOINTS.length - 2).fill(NAMESPACE));
});

test('a stack that is not to be monitored has no metrics, no alarm and no dashboard', () => {
  const { environment, resources } = synthesize({ monitoring: false });
  assert.equal(environment('Token')['SIGNET_METRICS'], 'none');
  assert.deepEqual(
    resources.filter(({ Type }) => Type.startsWith('AWS::CloudWatch::')),
    [],
  );
});

/** The alarms of a stack, each in words: `Sum of NAMESPACE refusals >= 100, in 1 of 1 periods of 300 s`. */
function alarmsOf({ ofType }: SynthesizedStack): Readonly<Record<string, string>> {
  const OPERATORS: Readonly<Record<string, string>> = {
    GreaterThanOrEqualToThreshold: '>=',
    LessThanThreshold: '<',
  };
  const entries = ofType('AWS::CloudWatch::Alarm').map(({ name, Properties }) => {
    const { Statistic, Namespace, MetricName, Dimensions = [], ComparisonOperator, Threshold } = Properties;
    const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, Period, TreatMissingData } = Properties;
    const dimensions = (Dimensions as { Name: string; Value: string }[]).map(
      ({ Name, Value }) => ` ${Name}=${Value}`,
    );
    return [
      name.replace(/^MonitoringAlarms/, ''),
      `${Statistic} of ${Namespace} ${MetricName}${dimensions.join('')} ${OPERATORS[String(ComparisonOperator)]} ${Threshold}, ` +
        `in ${DatapointsToAlarm} of ${EvaluationPeriods} periods of ${Period} s, without data ${TreatMissingData}`,
    ];
  });
  return Object.fromEntries(entries);
}

const EXPECTED = {
  ErrorRate:
    'Average of AWS/ApiGateway 5xx ApiId=<httpApi> >= 0.05, in 2 of 3 periods of 300 s, without data notBreaching',
  Throttles: `Sum of ${NAMESPACE} aws_throttles >= 1, in 2 of 3 periods of 300 s, without data notBreaching`,
  Refusals: `Sum of ${NAMESPACE} refusals >= 100, in 1 of 1 periods of 300 s, without data notBreaching`,
  KeyRotationOverdue: `Maximum of ${NAMESPACE} key_age >= ${366 * DAY}, in 1 of 1 periods of ${DAY} s, without data ignore`,
  SecretsExpire: `Minimum of ${NAMESPACE} secret_expires_in < ${14 * DAY}, in 1 of 1 periods of ${DAY} s, without data notBreaching`,
};

test('a stack has alarms, each on one metric, which tell nobody', () => {
  assert.deepEqual(alarmsOf(stack), EXPECTED);
  for (const { Properties } of stack.ofType('AWS::CloudWatch::Alarm')) {
    assert.deepEqual([Properties['AlarmActions'], Properties['OKActions']], [undefined, undefined]);
    assert.match(String(Properties['AlarmDescription']), /Signet/);
  }
});

test('the alarm on errors goes by the metric of the API, of either kind', () => {
  assert.match(
    alarmsOf(synthesize({ api: 'rest' }))['ErrorRate'] ?? '',
    /^Average of AWS\/ApiGateway 5XXError ApiName=Signet\/Issuer\/rest /,
  );
});

test('the alarm on keys goes by the period after which another follows by itself, and two days more', () => {
  const rotated = synthesize({ signers: ['envelope'], keyRotation: Duration.days(90) });
  assert.match(alarmsOf(rotated)['KeyRotationOverdue'] ?? '', new RegExp(` key_age >= ${92 * DAY}, `));
});

test('the alarm on refusals goes by the number that was chosen', () => {
  assert.match(alarmsOf(synthesize({ refusalsAlarm: 5_000 }))['Refusals'] ?? '', / refusals >= 5000, /);
});

test('every alarm tells the topic that was chosen when it is raised, and when it is over', () => {
  const topic = 'arn:aws:sns:us-east-1:000000000000:on-call';
  const alarms = synthesize({ alarmTopicArn: topic }).ofType('AWS::CloudWatch::Alarm');
  assert.equal(alarms.length, Object.keys(EXPECTED).length);
  for (const { Properties } of alarms) {
    assert.deepEqual([Properties['AlarmActions'], Properties['OKActions']], [[topic], [topic]]);
  }
});

test('the dashboard has the alarms, the metrics that there are, and queries of the logs of all endpoints', () => {
  const body = String(stack.only('AWS::CloudWatch::Dashboard').Properties['DashboardBody']);
  const { widgets } = JSON.parse(body);
  const titles = widgets.map(({ properties }: { properties: { title: string } }) => properties.title);
  assert.deepEqual(titles, [
    'Alarms',
    'Requests',
    'Latency',
    'Tokens, refusals, faults',
    'Why requests were refused',
    'Calls of AWS, in milliseconds',
    'Calls of AWS that failed',
    'Age of the keys that sign, in seconds',
    'Throttled starts of functions',
    'Tokens by client and resource',
    'Refusals by client',
    'Secrets that expire next',
  ]);
  for (const name of Object.keys(EXPECTED)) assert.ok(body.includes(`<MonitoringAlarms${name}.Arn>`), name);
  const names = [...body.matchAll(/"Signet\/Signet\/Issuer","(\w+)"/g)].map(([, name = '']) => name);
  assert.ok(names.length > 5);
  assert.deepEqual(new Set(names).difference(new Set(Object.keys(METRIC_UNITS))), new Set());
  for (const { name } of stack
    .ofType('AWS::Logs::LogGroup')
    .filter((group) => !/Key|Access/.test(group.name))) {
    assert.ok(body.includes(`SOURCE '<${name}>'`), name);
  }
});
