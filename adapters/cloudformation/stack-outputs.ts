import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { OAuthError } from '../../core/oauth-error.ts';
import { AWS_CLIENT_SETTINGS } from '../aws/client-settings.ts';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';

/**
 * Reads the outputs of a deployed stack.
 *
 * @throws OAuthError `not_found` when there is no such stack where the environment's credentials and region look
 */
export async function stackOutputs(stack: string): Promise<ReadonlyMap<string, string>> {
  const cloudFormation = new CloudFormationClient(AWS_CLIENT_SETTINGS);
  const described = cloudFormation.send(new DescribeStacksCommand({ StackName: stack }));
  try {
    const { Stacks = [] } = await orTemporarilyUnavailable(described);
    const outputs = Stacks[0]?.Outputs ?? [];
    return new Map(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
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
