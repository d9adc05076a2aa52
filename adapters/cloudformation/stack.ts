import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Clock } from '../../core/clock.ts';
import { OAuthError } from '../../core/oauth-error.ts';
import { AWS_CLIENT_SETTINGS } from '../aws/client-settings.ts';
import { clockOfAnswers } from '../aws/clock.ts';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';

/** What CloudFormation tells of a deployed stack. */
export interface DeployedStack {
  readonly arn: string;
  /** What CloudFormation calls its state, such as `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly outputs: ReadonlyMap<string, string>;
  /** The clock of AWS, which that of an operator's machine may not be. */
  readonly clock: Clock;
}

/**
 * Reads the state and the outputs of a deployed stack, and the time where it is.
 *
 * @throws OAuthError `not_found` when there is no such stack where the environment's credentials and region look
 */
export async function readStack(stack: string): Promise<DeployedStack> {
  const cloudFormation = new CloudFormationClient(AWS_CLIENT_SETTINGS);
  const clock = clockOfAnswers(cloudFormation.middlewareStack);
  const described = cloudFormation.send(new DescribeStacksCommand({ StackName: stack }));
  try {
    const { Stacks = [] } = await orTemporarilyUnavailable(described);
    const { StackId: arn = '', Outputs: outputs = [], StackStatus: status = '' } = Stacks[0] ?? {};
    return {
      arn,
      status,
      outputs: new Map(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])),
      clock,
    };
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ValidationError')) throw error;
    const region = await cloudFormation.config.region();
    throw new OAuthError(
      'not_found',
      `there is no stack ${stack} in ${region}: --stack takes the name that cdk deploy printed, AWS_REGION the region`,
    );
  } finally {
    cloudFormation.destroy();
  }
}
