import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { permissions } from '../../../cli/doctor/permissions.ts';
import {
  found,
  healthyDeployment,
  LOG_ARN,
  POLICY,
  policyOn,
  ROLE,
  SIGNING_KEY_ARN,
  TABLE_ARN,
} from './healthy-deployment.ts';

const OWN = policyOn(TABLE_ARN, SIGNING_KEY_ARN, LOG_ARN);
const ALL = { Effect: 'Allow', Action: '*', Resource: '*' };
const SHARED = 'arn:aws:iam::aws:policy/AdministratorAccess';
const PUT = `put it back as aws cloudformation get-template --stack-name Signet has it: aws iam put-role-policy --role-name ${ROLE} --policy-name ${POLICY} --policy-document file://FILE`;

describe('signet doctor: permissions', () => {
  for (const { what, own, attached = [], faults } of [
    {
      what: 'a policy that was taken from a role',
      own: {},
      faults: [
        `the role ${ROLE} may no longer dynamodb:BatchGetItem on Tokens, dynamodb:PutItem on Tokens, kms:Sign on SigningKey, logs:PutLogEvents on TokenLog | ${PUT}`,
      ],
    },
    {
      what: 'a policy for another table, and with more in it',
      own: {
        [POLICY]: { Statement: [...policyOn(`${TABLE_ARN}-other`, SIGNING_KEY_ARN, LOG_ARN).Statement, ALL] },
      },
      faults: [
        `the role ${ROLE} may no longer dynamodb:BatchGetItem on Tokens, dynamodb:PutItem on Tokens | ${PUT}`,
        `the role ${ROLE} may, beyond what the stack says, * on *, dynamodb:BatchGetItem on ${TABLE_ARN}-other, dynamodb:PutItem on ${TABLE_ARN}-other | ${PUT}`,
      ],
    },
    {
      what: 'a policy that denies',
      own: { [POLICY]: { Statement: [...OWN.Statement, { ...ALL, Effect: 'Deny' }] } },
      faults: [`the role ${ROLE} may, beyond what the stack says, not * on * | ${PUT}`],
    },
    {
      what: 'policies beside that of the stack',
      own: { [POLICY]: OWN, more: { Statement: [ALL] } },
      attached: [SHARED],
      faults: [
        `the role ${ROLE} has a policy that is not of the stack: more | take it away: aws iam delete-role-policy --role-name ${ROLE} --policy-name more`,
        `the role ${ROLE} has a policy that is not of the stack: ${SHARED} | take it away: aws iam detach-role-policy --role-name ${ROLE} --policy-arn ${SHARED}`,
      ],
    },
  ]) {
    it(`finds ${what}`, async () => {
      const deployment = {
        ...(await healthyDeployment()),
        readRolePolicies: async () => ({ own: new Map<string, unknown>(Object.entries(own)), attached }),
      };
      assert.deepEqual(await found(permissions, deployment), faults);
    });
  }

  for (const [what, region, faults] of [
    ['nothing in a policy for what another stack has here', 'us-east-1', []],
    [
      'a policy for what another stack has in another Region',
      'eu-west-1',
      [
        `the role ${ROLE} may no longer kms:Sign on arn:aws:kms:us-east-1:000000000000:key/home | ${PUT}`,
        `the role ${ROLE} may, beyond what the stack says, kms:Sign on arn:aws:kms:eu-west-1:000000000000:key/home | ${PUT}`,
      ],
    ],
  ] as const) {
    it(`finds ${what}`, async () => {
      const parts = ['arn:', 'Partition', ':kms:', 'Region', ':', 'AccountId', ':key/home'];
      const here = {
        'Fn::Join': ['', parts.map((part) => (/^\w+$/.test(part) ? { Ref: `AWS::${part}` } : part))],
      };
      const PolicyDocument = { Statement: [{ Effect: 'Allow', Action: 'kms:Sign', Resource: here }] };
      const Resource = `arn:aws:kms:${region}:000000000000:key/home`;
      const own = new Map([[POLICY, { Statement: [{ Effect: 'Allow', Action: 'kms:Sign', Resource }] }]]);
      const deployment = await healthyDeployment();
      const resources = (await deployment.resources()).map((resource) =>
        resource.type === 'AWS::IAM::Policy'
          ? { ...resource, properties: { ...resource.properties, PolicyDocument } }
          : resource,
      );
      const replica = {
        ...deployment,
        resources: async () => resources,
        readRolePolicies: async () => ({ own, attached: [] }),
      };
      assert.deepEqual(await found(permissions, replica), faults);
    });
  }
});
