import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';

/** What a stack's resources of one type are called. */
export async function physicalIds(stack: string, type: string): Promise<readonly string[]> {
  const client = new CloudFormationClient();
  const ids: string[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: stack })) {
    for (const { ResourceType, PhysicalResourceId = '' } of page.StackResourceSummaries ?? []) {
      if (ResourceType === type) ids.push(PhysicalResourceId);
    }
  }
  return ids;
}
