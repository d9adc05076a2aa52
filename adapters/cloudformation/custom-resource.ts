import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse } from 'aws-lambda';
import { logToStdout } from '../log-to-stdout.ts';

/** What stands behind a CloudFormation custom resource. */
export interface CustomResource {
  /** Makes it, or makes it anew for other properties; answers its physical id. */
  provide(properties: Readonly<Record<string, unknown>>): Promise<string>;
  /** Takes the one with this physical id and these properties away; one that is not there is no fault. */
  remove(physicalId: string, properties: Readonly<Record<string, unknown>>): Promise<void>;
}

/** The physical id of what could not be made: CloudFormation will ask to remove that too. */
const NOT_MADE = 'not-made';

/** Makes the Lambda handler of a custom resource: whatever happens, CloudFormation hears of it and does not wait for an hour. */
export function customResourceHandler(
  resource: CustomResource,
  log: (line: object) => void = logToStdout,
): (event: CloudFormationCustomResourceEvent) => Promise<void> {
  return async (event) => {
    const outcome = await provideOrRemove(event, resource);
    log({ time: new Date().toISOString(), request_type: event.RequestType, ...outcome });
    const { StackId, RequestId, LogicalResourceId } = event;
    await answer(event.ResponseURL, { StackId, RequestId, LogicalResourceId, ...outcome });
  };
}

type Outcome = Pick<CloudFormationCustomResourceResponse, 'Status' | 'PhysicalResourceId'> & {
  readonly Reason: string;
};

async function provideOrRemove(
  event: CloudFormationCustomResourceEvent,
  resource: CustomResource,
): Promise<Outcome> {
  const before = 'PhysicalResourceId' in event ? event.PhysicalResourceId : NOT_MADE;
  try {
    if (event.RequestType === 'Delete') {
      await resource.remove(before, event.ResourceProperties);
      return { Status: 'SUCCESS', PhysicalResourceId: before, Reason: 'removed' };
    }
    const PhysicalResourceId = await resource.provide(event.ResourceProperties);
    return { Status: 'SUCCESS', PhysicalResourceId, Reason: 'provided' };
  } catch (error) {
    const Reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { Status: 'FAILED', PhysicalResourceId: before, Reason };
  }
}

/** The URL is signed for an empty content type. */
async function answer(url: string, response: CloudFormationCustomResourceResponse): Promise<void> {
  const { ok, status } = await fetch(url, {
    method: 'PUT',
    headers: { 'Content-Type': '' },
    body: JSON.stringify(response),
  });
  if (!ok) throw new Error(`CloudFormation did not take the answer: HTTP status ${status}`);
}
