import {
  GetRolePolicyCommand,
  IAMClient,
  NoSuchEntityException,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam';
import { AWS_CLIENT_SETTINGS } from '../aws/client-settings.ts';

/** What says what a role may do. */
export interface RolePolicies {
  /** Its own policies, JSON documents, by their names. */
  readonly own: ReadonlyMap<string, unknown>;
  /** The ARNs of the policies that it shares with others. */
  readonly attached: readonly string[];
}

/** Reads the policies of a role; one that is not there has none. */
export async function readRolePolicies(role: string): Promise<RolePolicies> {
  const client = new IAMClient(AWS_CLIENT_SETTINGS);
  const query = { RoleName: role };
  const own = new Map<string, unknown>();
  const attached: string[] = [];
  try {
    for await (const { PolicyNames = [] } of paginateListRolePolicies({ client }, query)) {
      for (const PolicyName of PolicyNames) {
        const { PolicyDocument = '' } = await client.send(new GetRolePolicyCommand({ ...query, PolicyName }));
        own.set(PolicyName, JSON.parse(decodeURIComponent(PolicyDocument)));
      }
    }
    for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies({ client }, query)) {
      attached.push(...AttachedPolicies.map(({ PolicyArn = '' }) => PolicyArn));
    }
  } catch (error) {
    if (!(error instanceof NoSuchEntityException)) throw error;
  }
  return { own, attached };
}
