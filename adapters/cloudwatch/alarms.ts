import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { AWS_CLIENT_SETTINGS } from '../aws/client-settings.ts';

/** An alarm, and how it is. */
export interface AlarmState {
  readonly name: string;
  readonly description: string;
  /** `ALARM`, when it is raised. */
  readonly state: string;
  /** Why, in CloudWatch's words. */
  readonly reason: string;
}

/** Reads how alarms are; those that are not there are left out. */
export async function readAlarms(names: readonly string[]): Promise<readonly AlarmState[]> {
  // Without a name all alarms of the account would be meant.
  if (names.length === 0) return [];
  const client = new CloudWatchClient(AWS_CLIENT_SETTINGS);
  const alarms: AlarmState[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, { AlarmNames: [...names] })) {
    for (const { AlarmName, AlarmDescription, StateValue, StateReason } of MetricAlarms) {
      alarms.push({
        name: AlarmName ?? '',
        description: AlarmDescription ?? '',
        state: StateValue ?? '',
        reason: StateReason ?? '',
      });
    }
  }
  return alarms;
}
