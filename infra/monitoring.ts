import type { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { Dashboard } from './dashboard.ts';
import type { IssuerApi } from './issuer-api.ts';
import { IssuerMetrics } from './issuer-metrics.ts';

interface MonitoringProps {
  /** Of the metrics that the functions have in their request log. */
  readonly namespace: string;
  readonly api: IssuerApi;
  readonly functions: readonly LambdaFunction[];
  readonly keyRotation: Duration | undefined;
  readonly refusals: number;
  readonly topic: ITopic | undefined;
}

/** What an operator sees of an issuer, and hears of it. */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, { namespace, functions, ...props }: MonitoringProps) {
    super(scope, id);
    const metrics = new IssuerMetrics(namespace);
    const { alarms } = new Alarms(this, 'Alarms', { ...props, metrics });
    const logGroupNames = functions.map(({ logGroup }) => logGroup.logGroupName);
    new Dashboard(this, 'Dashboard', { ...props, metrics, alarms, functions, logGroupNames });
  }
}
