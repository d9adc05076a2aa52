import {
  CloudFormationClient,
  GetTemplateCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import * as v from 'valibot';
import { AWS_CLIENT_SETTINGS } from '../aws/client-settings.ts';

/** A template, as far as all resources have the same in it. */
const TemplateSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    Resources: v.record(
      v.string(),
      v.object({ Properties: v.optional(v.record(v.string(), v.unknown()), {}) }),
    ),
  }),
);

/** A resource of a deployed stack. */
export interface StackResource {
  readonly type: string;
  /** Its name in the template. */
  readonly logicalId: string;
  /** Its name in AWS. */
  readonly physicalId: string;
  /** As the template has them: references are not resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Reads the resources that a stack has, with what its template says of them. */
export async function readStackResources(stack: string): Promise<readonly StackResource[]> {
  const client = new CloudFormationClient(AWS_CLIENT_SETTINGS);
  const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName: stack }));
  const { Resources } = v.parse(TemplateSchema, TemplateBody);
  const resources: StackResource[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources(
    { client },
    { StackName: stack },
  )) {
    for (const { ResourceType, LogicalResourceId = '', PhysicalResourceId = '' } of StackResourceSummaries) {
      resources.push({
        type: ResourceType ?? '',
        logicalId: LogicalResourceId,
        physicalId: PhysicalResourceId,
        properties: Resources[LogicalResourceId]?.Properties ?? {},
      });
    }
  }
  return resources;
}
