import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  ComparisonOperator,
  type CreateAlarmOptions,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import {
  KEY_AGE_MAX_SECONDS,
  KEY_ROTATION_GRACE_SECONDS,
  SECRET_EXPIRY_NOTICE_SECONDS,
} from '../core/limits.ts';
import type { IssuerApi } from './issuer-api.ts';
import type { IssuerMetrics } from './issuer-metrics.ts';

const PERIOD = Duration.minutes(5);

/** The share of requests answered 5xx that is more than a bad moment. */
const ERROR_RATE = 0.05;

interface AlarmsProps {
  readonly metrics: IssuerMetrics;
  readonly api: IssuerApi;
  /** How long a key signs before another follows it by itself, if one does. */
  readonly keyRotation: Duration | undefined;
  /** How many refusals in five minutes are too many. */
  readonly refusals: number;
  readonly topic: ITopic | undefined;
}

type AlarmProps = Omit<CreateAlarmOptions, 'evaluationPeriods'> & { readonly evaluationPeriods?: number };

/** The alarms of an issuer; docs/operations.md says for each what to do. */
export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { metrics, api, keyRotation, refusals, topic } = props;
    const alarm = (alarmId: string, metric: Metric, options: AlarmProps) =>
      metric.createAlarm(this, alarmId, {
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
        ...options,
      });
    const oldest = keyRotation ? keyRotation.toSeconds() + KEY_ROTATION_GRACE_SECONDS : KEY_AGE_MAX_SECONDS;
    this.alarms = [
      alarm('ErrorRate', api.metrics.metricServerError({ statistic: 'Average', period: PERIOD }), {
        alarmDescription: 'Signet answers 5xx to one request in twenty or more.',
        threshold: ERROR_RATE,
        // A single request that fails at night is all of its five minutes.
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
      }),
      alarm('Throttles', metrics.metric('aws_throttles', 'Sum', { period: PERIOD }), {
        alarmDescription: 'KMS or DynamoDB throttle Signet.',
        threshold: 1,
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
      }),
      alarm('Refusals', metrics.metric('refusals', 'Sum', { period: PERIOD }), {
        alarmDescription: 'Signet refuses more requests than usual.',
        threshold: refusals,
      }),
      alarm('KeyRotationOverdue', metrics.metric('key_age', 'Maximum', { period: Duration.days(1) }), {
        alarmDescription: 'A key of Signet signs for longer than it should.',
        threshold: oldest,
        // A day without a token makes no key younger.
        treatMissingData: TreatMissingData.IGNORE,
      }),
      alarm('SecretsExpire', metrics.metric('secret_expires_in', 'Minimum', { period: Duration.days(1) }), {
        alarmDescription: 'A client of Signet uses a secret that is about to expire.',
        threshold: SECRET_EXPIRY_NOTICE_SECONDS,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      }),
    ];
    if (!topic) return;
    const action = new SnsAction(topic);
    for (const each of this.alarms) {
      each.addAlarmAction(action);
      each.addOkAction(action);
    }
  }
}
