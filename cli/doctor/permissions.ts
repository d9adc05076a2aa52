import * as v from 'valibot';
import type { StackResource } from '../../adapters/cloudformation/stack-resources.ts';
import type { RolePolicies } from '../../adapters/iam/role-policies.ts';
import type { Check, Fault } from './check.ts';
import type { Deployment } from './deployment.ts';

/** What is on a list; IAM lets one alone stand without it. */
function listOf<const Item extends v.GenericSchema>(item: Item) {
  return v.union([
    v.array(item),
    v.pipe(
      item,
      v.transform((one) => [one]),
    ),
  ]);
}

/** A resource in a template: an ARN, which may leave open where the stack is, or the logical id of another resource. */
const ResourceSchema = v.union([
  v.string(),
  v.pipe(
    v.object({
      'Fn::Join': v.tuple([v.string(), v.array(v.union([v.string(), v.object({ Ref: v.string() })]))]),
    }),
    v.transform(({ 'Fn::Join': [separator, parts] }) =>
      parts.map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`)).join(separator),
    ),
  ),
  v.pipe(
    v.object({ 'Fn::GetAtt': v.tuple([v.string(), v.string()]) }),
    v.transform((reference) => reference['Fn::GetAtt'][0]),
  ),
  v.pipe(
    v.object({ Ref: v.string() }),
    v.transform(({ Ref }) => Ref),
  ),
]);

/** A policy, without the conditions of its statements. */
const PolicySchema = v.object({
  Statement: v.array(
    v.object({
      Effect: v.picklist(['Allow', 'Deny']),
      Action: listOf(v.string()),
      Resource: listOf(ResourceSchema),
    }),
  ),
});

/** A policy of roles, as the template has it. */
const PropertiesSchema = v.object({
  PolicyName: v.string(),
  PolicyDocument: PolicySchema,
  Roles: v.array(v.object({ Ref: v.string() })),
});

/** Whether each function may do what the stack lets it do, and nothing else. */
export const permissions: Check = {
  name: 'permissions',
  well: 'each function may do what the stack lets it do, and nothing else',
  async findFaults(deployment) {
    const policies = (await deployment.resources()).filter(({ type }) => type === 'AWS::IAM::Policy');
    const faults = await Promise.all(policies.map((policy) => checkPolicy(policy, deployment)));
    return faults.flat();
  },
};

async function checkPolicy({ properties }: StackResource, deployment: Deployment): Promise<readonly Fault[]> {
  const { PolicyName, PolicyDocument, Roles } = v.parse(PropertiesSchema, properties);
  const stack = { arn: deployment.arn, resources: await deployment.resources() };
  const roles = stack.resources.filter(({ logicalId }) => Roles.some(({ Ref }) => Ref === logicalId));
  const faults = roles.map(async ({ physicalId: role }) => {
    const { own, attached } = await deployment.readRolePolicies(role);
    const { [PolicyName]: actual, ...others } = Object.fromEntries(own);
    return [
      ...compare(
        permissionsIn(PolicyDocument, stack),
        actual === undefined ? new Set<string>() : permissionsIn(v.parse(PolicySchema, actual), stack),
        { role, policy: PolicyName, stack: deployment.name },
      ),
      ...foreignPolicies(role, { own: new Map(Object.entries(others)), attached }),
    ];
  });
  return (await Promise.all(faults)).flat();
}

/** A stack, as far as permissions speak of it. */
interface Stack {
  readonly arn: string;
  readonly resources: readonly StackResource[];
}

/** What a policy allows or denies, thing by thing, by the logical ids of what is of the stack. */
function permissionsIn({ Statement }: v.InferOutput<typeof PolicySchema>, stack: Stack): ReadonlySet<string> {
  const all = Statement.flatMap(({ Effect, Action, Resource }) =>
    Action.flatMap((action) =>
      Resource.map((arn) => `${Effect === 'Deny' ? 'not ' : ''}${action} on ${nameOf(arn, stack)}`),
    ),
  );
  return new Set(all);
}

/** The logical id of what an ARN is of; that of a log group names all that is in it. */
function nameOf(resource: string, stack: Stack): string {
  const [, Partition, , Region, AccountId] = stack.arn.split(':');
  const place: Readonly<Record<string, string | undefined>> = { Partition, Region, AccountId };
  const arn = resource.replace(/<AWS::(\w+)>/g, (open, name: string) => place[name] ?? open);
  const whole = arn.replace(/:\*$/, '');
  const named = stack.resources.find(({ physicalId }) =>
    [':', '/'].some((separator) => whole.endsWith(separator + physicalId)),
  );
  return named?.logicalId ?? arn;
}

function compare(
  expected: ReadonlySet<string>,
  actual: ReadonlySet<string>,
  { role, policy, stack }: { readonly role: string; readonly policy: string; readonly stack: string },
): readonly Fault[] {
  const differences = [
    { words: 'may no longer', permissions: expected.difference(actual) },
    { words: 'may, beyond what the stack says,', permissions: actual.difference(expected) },
  ].filter(({ permissions }) => permissions.size > 0);
  const mend = `put it back as aws cloudformation get-template --stack-name ${stack} has it: aws iam put-role-policy --role-name ${role} --policy-name ${policy} --policy-document file://FILE`;
  return differences.map(({ words, permissions }) => ({
    found: `the role ${role} ${words} ${[...permissions].sort().join(', ')}`,
    mend,
  }));
}

function foreignPolicies(role: string, { own, attached }: RolePolicies): readonly Fault[] {
  const found = (policy: string) => `the role ${role} has a policy that is not of the stack: ${policy}`;
  return [
    ...[...own.keys()].map((policy) => ({
      found: found(policy),
      mend: `take it away: aws iam delete-role-policy --role-name ${role} --policy-name ${policy}`,
    })),
    ...attached.map((policy) => ({
      found: found(policy),
      mend: `take it away: aws iam detach-role-policy --role-name ${role} --policy-arn ${policy}`,
    })),
  ];
}
