import type { Duration } from 'aws-cdk-lib';
import { type Conditions, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Alg } from '../core/jose/algorithms.ts';
import type { Keys, KeysInMemory } from './keys.ts';
import type { IssuerTable, IssuerTables } from './tables.ts';

/** The issuer, as far as its functions can need it. */
export interface Needed extends Omit<Keys, 'keys'> {
  readonly identifier: string;
  /** The CloudWatch namespace of its metrics, where it has any. */
  readonly metricsNamespace: string | undefined;
  /** Where clients are asked for certificates, if anywhere. */
  readonly mutualTlsUrl: string | undefined;
  readonly signingAlgs: readonly Alg[];
  readonly accessTokenLifetime: Duration;
  readonly cache: Duration;
  readonly dpopNonces: boolean;
  readonly privateHosts: readonly string[];
  readonly tokenEndpointAudience: boolean;
  readonly registration: boolean;
  readonly signedIntrospection: boolean;
  readonly keyRotation?: Duration;
  readonly throwAway: boolean;
  readonly tables: IssuerTables;
  /** The operator's own, which is asked before each token, if there is one. */
  readonly tokenHook?: IFunction;
}

/** What a need puts into a function: the setting and the permission together, so that neither can be forgotten. */
export interface Binding {
  readonly environment?: Readonly<Record<string, string>>;
  readonly statements?: readonly PolicyStatement[];
  /** What cdk-nag finds in these, and why it has to be so. */
  readonly acknowledged?: Readonly<Record<string, string>>;
}

/** Why permissions are for keys that are not known when the stack is deployed. */
const FOR_MADE_KEYS = {
  'AwsSolutions-IAM5[Resource::*]':
    'Keys that are made while the issuer runs have no ARN before: a condition confines this to the tag of its key set, but for the listing of keys.',
};

const NEEDS = {
  metrics: ({ metricsNamespace = 'none' }) => ({ environment: { SIGNET_METRICS: metricsNamespace } }),
  issuer: ({ identifier }) => ({ environment: { SIGNET_ISSUER: identifier } }),
  mutualTls: ({ mutualTlsUrl = '' }) => ({ environment: { SIGNET_MUTUAL_TLS_URL: mutualTlsUrl } }),
  signingAlgs: ({ signingAlgs }) => ({ environment: { SIGNET_SIGNING_ALGS: signingAlgs.join(',') } }),
  accessTokenLifetime: ({ accessTokenLifetime }) => ({
    environment: { SIGNET_ACCESS_TOKEN_LIFETIME_SECONDS: String(accessTokenLifetime.toSeconds()) },
  }),
  cache: ({ cache }) => ({ environment: { SIGNET_CACHE_SECONDS: String(cache.toSeconds()) } }),
  dpopNonces: ({ dpopNonces }) => ({ environment: { SIGNET_DPOP_NONCES: String(dpopNonces) } }),
  clientAssertions: ({ privateHosts, tokenEndpointAudience }) => ({
    environment: {
      SIGNET_PRIVATE_HOSTS: privateHosts.join(','),
      SIGNET_TOKEN_ENDPOINT_AUDIENCE: String(tokenEndpointAudience),
    },
  }),
  registration: ({ registration }) => ({ environment: { SIGNET_REGISTRATION: String(registration) } }),
  signedIntrospection: ({ signedIntrospection }) => ({
    environment: { SIGNET_SIGNED_INTROSPECTION: String(signedIntrospection) },
  }),
  clientSecretJwt: ({ clientSecretKey }) => ({
    environment: { SIGNET_CLIENT_SECRET_JWT: String(clientSecretKey !== undefined) },
  }),
  deriveClientSecrets: ({ clientSecretKey }) => ({
    environment: { SIGNET_CLIENT_SECRET_KEY: clientSecretKey?.keyArn ?? 'none' },
    statements: clientSecretKey
      ? [new PolicyStatement({ actions: ['kms:GenerateMac'], resources: [clientSecretKey.keyArn] })]
      : [],
  }),
  askTokenHook: ({ tokenHook }) => ({
    environment: { SIGNET_TOKEN_HOOK: tokenHook?.functionArn ?? 'none' },
    // By hand and not by the function's own grant: that would add every version and alias of it.
    statements: tokenHook
      ? [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [tokenHook.functionArn] })]
      : [],
  }),
  readClients: ({ tables }) => bindTable('SIGNET_CLIENTS_TABLE', tables.clients, 'dynamodb:BatchGetItem'),
  /** Resources are in the same table, and are changed by operators alone. */
  changeClients: ({ tables: { clients } }) => ({
    environment: { SIGNET_CLIENTS_TABLE: clients.tableName },
    statements: [
      allowOnItems(clients, 'dynamodb:PutItem', 'client#*', 'initial-access-token#*'),
      allowOnItems(clients, 'dynamodb:DeleteItem', 'client#*'),
    ],
  }),
  /** Clients are in the same table. */
  readResources: ({ tables: { clients } }) => ({
    environment: { SIGNET_CLIENTS_TABLE: clients.tableName },
    statements: [allowOnItems(clients, 'dynamodb:BatchGetItem', 'resource#*')],
  }),
  readKeySet: ({ tables }) => bindTable('SIGNET_KEYS_TABLE', tables.keys, 'dynamodb:BatchGetItem'),
  changeKeySet: ({ tables }) =>
    bindTable('SIGNET_KEYS_TABLE', tables.keys, 'dynamodb:BatchGetItem', 'dynamodb:PutItem'),
  readTokens: ({ tables }) => bindTable('SIGNET_TOKENS_TABLE', tables.tokens, 'dynamodb:BatchGetItem'),
  /** Only the token function: whoever adds a reference token makes one that is good. */
  addReferenceTokens: ({ tables }) => addTokenItems(tables, 'reference#*'),
  addRevocations: ({ tables }) => addTokenItems(tables, 'revoked#*'),
  rememberReplays: ({ tables }) => addTokenItems(tables, 'replay#*'),
  sign: (needed) => ({
    statements: [
      ...needed.signingKeys.map(({ keyArn, signingAlgorithm }) =>
        // A key that signs RS256 would sign PS256 as well.
        allowKms('Sign', [keyArn], { 'kms:SigningAlgorithm': signingAlgorithm }),
      ),
      ...signWithMadeKeys(needed),
      ...(needed.envelopeKeys
        ? [
            allowKms('Decrypt', [needed.envelopeKeys.wrappingKeyArn], {
              'kms:EncryptionContext:alg': needed.envelopeKeys.algs,
            }),
          ]
        : []),
    ],
    acknowledged: needed.signingKeyTag === undefined ? {} : FOR_MADE_KEYS,
  }),
  provideKeys: ({ signingKeys, envelopeKeys }) => ({
    statements: [
      ...(signingKeys.length > 0
        ? [
            allowKms(
              'GetPublicKey',
              signingKeys.map(({ keyArn }) => keyArn),
            ),
          ]
        : []),
      ...makeKeyPairs(envelopeKeys),
    ],
  }),
  discardKeysWithStack: (needed) =>
    needed.throwAway && needed.signingKeyTag !== undefined
      ? { statements: discardMadeKeys(needed), acknowledged: FOR_MADE_KEYS }
      : {},
  rotateKeys: (needed) => ({
    environment: {
      SIGNET_KEY_ROTATION_SECONDS: String(needed.keyRotation?.toSeconds()),
      SIGNET_WRAPPING_KEY: needed.envelopeKeys?.wrappingKeyArn ?? 'none',
      SIGNET_SIGNING_KEY_TAG: needed.signingKeyTag ?? 'none',
    },
    statements: [...makeKeyPairs(needed.envelopeKeys), ...makeKeysInKms(needed), ...discardMadeKeys(needed)],
    acknowledged: needed.signingKeyTag === undefined ? {} : FOR_MADE_KEYS,
  }),
} as const satisfies Record<string, (needed: Needed) => Binding>;

/** The name of something that a function can need. */
export type Need = keyof typeof NEEDS;

/** What one need puts into a function of this issuer. */
export function bindingOf(need: Need, needed: Needed): Binding {
  return NEEDS[need](needed);
}

function makeKeyPairs(envelopeKeys: KeysInMemory | undefined): readonly PolicyStatement[] {
  if (!envelopeKeys) return [];
  const { wrappingKeyArn, algs } = envelopeKeys;
  return [
    allowKms('GenerateDataKeyPairWithoutPlaintext', [wrappingKeyArn], { 'kms:EncryptionContext:alg': algs }),
  ];
}

/** With keys that are made while the issuer runs, by its algorithms. */
function signWithMadeKeys({ signingKeyTag, signingKeys }: Needed): readonly PolicyStatement[] {
  if (signingKeyTag === undefined) return [];
  const signingAlgorithms = new Set(signingKeys.map(({ signingAlgorithm }) => signingAlgorithm));
  return [
    allowMadeKeys(['Sign'], signingKeyTag, {
      StringEqualsIfExists: { 'kms:SigningAlgorithm': [...signingAlgorithms] },
    }),
  ];
}

/** To make keys for this key set and no other, and to read their public halves. */
function makeKeysInKms({ signingKeyTag }: Needed): readonly PolicyStatement[] {
  if (signingKeyTag === undefined) return [];
  return [
    new PolicyStatement({
      actions: ['kms:CreateKey', 'kms:TagResource'],
      resources: ['*'],
      conditions: {
        StringEquals: { 'aws:RequestTag/signet:key-set': signingKeyTag },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['signet:key-set'] },
      },
    }),
    allowMadeKeys(['GetPublicKey'], signingKeyTag),
  ];
}

/** To find these keys among all, and to have them deleted when that could be undone for long. */
function discardMadeKeys({ signingKeyTag }: Needed): readonly PolicyStatement[] {
  if (signingKeyTag === undefined) return [];
  return [
    new PolicyStatement({ actions: ['kms:ListKeys', 'kms:ListResourceTags'], resources: ['*'] }),
    allowMadeKeys(['DescribeKey'], signingKeyTag),
    // Whoever may tag keys may tag any: of those that this can then delete none decrypts data, and all wait for 30 days.
    allowMadeKeys(['ScheduleKeyDeletion'], signingKeyTag, {
      StringEqualsIfExists: { 'kms:KeyUsage': 'SIGN_VERIFY' },
      NumericGreaterThanEqualsIfExists: { 'kms:ScheduleKeyDeletionPendingWindowInDays': 30 },
    }),
  ];
}

/** Of all keys of the account, those with this tag: their ARNs are not known when the stack is deployed. */
function allowMadeKeys(
  actions: readonly string[],
  signingKeyTag: string,
  conditions: Conditions = {},
): PolicyStatement {
  const statement = new PolicyStatement({
    actions: actions.map((action) => `kms:${action}`),
    resources: ['*'],
    conditions,
  });
  statement.addCondition('StringEquals', { 'aws:ResourceTag/signet:key-set': signingKeyTag });
  return statement;
}

/** Every call has the condition keys that are named here; emulators may not know them. */
function allowKms(
  action: string,
  resources: readonly string[],
  equal?: Readonly<Record<string, string | readonly string[]>>,
): PolicyStatement {
  return new PolicyStatement({
    actions: [`kms:${action}`],
    resources: [...resources],
    ...(equal ? { conditions: { StringEqualsIfExists: equal } } : {}),
  });
}

function addTokenItems({ tokens }: IssuerTables, keys: string): Binding {
  return {
    environment: { SIGNET_TOKENS_TABLE: tokens.tableName },
    statements: [allowOnItems(tokens, 'dynamodb:PutItem', keys)],
  };
}

/** On items whose partition keys are like these: a table has items of several kinds. */
function allowOnItems(
  { tableArn }: IssuerTable,
  action: string,
  ...keys: readonly string[]
): PolicyStatement {
  return new PolicyStatement({
    actions: [action],
    resources: [tableArn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
  });
}

function bindTable(variable: string, table: IssuerTable, ...actions: readonly string[]): Binding {
  return {
    environment: { [variable]: table.tableName },
    // By hand and not by the table's own grants: those would add its indexes.
    statements: [new PolicyStatement({ actions: [...actions], resources: [table.tableArn] })],
  };
}
