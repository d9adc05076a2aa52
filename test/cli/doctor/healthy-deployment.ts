import type { StackResource } from '../../../adapters/cloudformation/stack-resources.ts';
import type { Check, Fault } from '../../../cli/doctor/check.ts';
import type { Deployment } from '../../../cli/doctor/deployment.ts';
import { jsonWebKeySet } from '../../../core/jose/jwks.ts';
import type { SigningKey } from '../../../core/jose/signing-key.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import { issuerMetadata } from '../../../core/metadata.ts';
import { createTestIssuer } from '../../support/test-issuer.ts';

export const STACK = 'Signet';
export const ISSUER = 'https://auth.example.com';
export const JWKS_URI = `${ISSUER}/.well-known/jwks.json`;
export const DAY = 86_400;
const KEY_ARN = 'arn:aws:kms:us-east-1:000000000000:key';
export const WRAPPING_KEY = `${KEY_ARN}/wrapping`;
export const SECRET_KEY = `${KEY_ARN}/secrets`;
export const ALARM = 'Signet-ErrorRate-1';

/** The role of the token function, with the policy that the stack gives it. */
export const ROLE = 'Signet-TokenRole-1';
export const POLICY = 'TokenPolicy';

/** What is in that policy, and in that of the template where references stand in the place of ARNs. */
export function policyOn(table: unknown, key: unknown, log: unknown) {
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['dynamodb:BatchGetItem', 'dynamodb:PutItem'], Resource: [table] },
      { Effect: 'Allow', Action: 'kms:Sign', Resource: key, Condition: { StringEquals: {} } },
      { Effect: 'Allow', Action: ['logs:PutLogEvents'], Resource: log },
    ],
  };
}
export const TABLE_ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/Signet-Tokens-1';
export const LOG_ARN = 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/Signet/TokenLog1:*';
export const SIGNING_KEY_ARN = `${KEY_ARN}/signing`;

const RESOURCES: readonly StackResource[] = [
  resource('AWS::DynamoDB::Table', 'Tokens', 'Signet-Tokens-1'),
  resource('AWS::KMS::Key', 'SigningKey', 'signing'),
  resource('AWS::Logs::LogGroup', 'TokenLog', '/aws/Signet/TokenLog1'),
  resource('AWS::IAM::Role', 'TokenRole', ROLE),
  resource('AWS::IAM::Policy', 'TokenRolePolicy', 'Signet-Policy-1', {
    PolicyName: POLICY,
    PolicyDocument: policyOn(
      { 'Fn::GetAtt': ['Tokens', 'Arn'] },
      { 'Fn::GetAtt': ['SigningKey', 'Arn'] },
      { 'Fn::GetAtt': ['TokenLog', 'Arn'] },
    ),
    Roles: [{ Ref: 'TokenRole' }],
  }),
  resource('AWS::Lambda::Function', 'Token', 'Signet-Token-1', {
    Environment: { Variables: { SIGNET_KEYS_TABLE: { Ref: 'Keys' }, SIGNET_SIGNING_ALGS: 'ES256' } },
  }),
  resource('AWS::CloudWatch::Alarm', 'ErrorRate', ALARM),
];

function resource(type: string, logicalId: string, physicalId: string, properties = {}): StackResource {
  return { type, logicalId, physicalId, properties };
}

/** A deployed issuer in this process, of a day ago, with which nothing is wrong. */
export async function healthyDeployment(): Promise<Deployment> {
  const { time, ...issuer } = await createTestIssuer();
  time.now += DAY;
  const published = new Map<string, JsonObject>([
    [JWKS_URI, { ...jsonWebKeySet(await issuer.signingKeys.load(), time.now) }],
    ...['oauth-authorization-server', 'openid-configuration'].map(
      (name) => [`${ISSUER}/.well-known/${name}`, issuerMetadata(issuer, ['ES256'])] as const,
    ),
  ]);
  return {
    name: STACK,
    arn: `arn:aws:cloudformation:us-east-1:000000000000:stack/${STACK}/0`,
    status: 'UPDATE_COMPLETE',
    outputs: new Map([
      ['SignetIssuer', ISSUER],
      ['SignetJwksUri', JWKS_URI],
      ['SignetWrappingKey', WRAPPING_KEY],
      ['SignetClientSecretKey', SECRET_KEY],
    ]),
    clock: issuer.clock,
    ownClock: issuer.clock,
    store: { ...issuer, close: () => undefined },
    resources: async () => RESOURCES,
    readAlarms: async (names) =>
      names.map((name) => ({ name, description: 'It fails.', state: 'OK', reason: 'It does not.' })),
    readRolePolicies: async () => ({
      own: new Map([[POLICY, policyOn(TABLE_ARN, SIGNING_KEY_ARN, LOG_ARN)]]),
      attached: [],
    }),
    readKeyState: async () => 'Enabled',
    fetchDocument: async (url) => {
      const document = published.get(url);
      return document ? { document, answeredAt: time.now } : { found: `${url} answers 404`, mend: 'Look.' };
    },
  };
}

/** The same with other keys in its Keys table. */
export async function withKeys(
  deployment: Deployment,
  change: (key: SigningKey) => readonly SigningKey[],
): Promise<Deployment> {
  const { store } = deployment;
  const { version, keys } = await store.signingKeys.load();
  const keySet = { version, keys: keys.flatMap(change) };
  return {
    ...deployment,
    store: { ...store, signingKeys: { ...store.signingKeys, load: async () => keySet } },
  };
}

/** The same with another document at one URL. */
export function withDocument(deployment: Deployment, at: string, document: JsonObject): Deployment {
  const { fetchDocument } = deployment;
  return {
    ...deployment,
    fetchDocument: async (url) =>
      url === at ? { document, answeredAt: deployment.clock() } : fetchDocument(url),
  };
}

/** What a check finds, and whether it says for each what to do. */
export async function found(check: Check, deployment: Deployment): Promise<readonly string[]> {
  const faults = await check.findFaults(deployment);
  return faults.map((fault: Fault) => `${fault.found} | ${fault.mend}`);
}
