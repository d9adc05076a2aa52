import type { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Alg } from '../core/jose/algorithms.ts';
import type { ClientSecretKey } from './client-secret-key.ts';
import type { EnvelopeKeys } from './envelope-keys.ts';
import type { SigningKey } from './signing-key.ts';
import type { Tables } from './tables.ts';

/** The issuer, as far as its functions can need it. */
export interface Needed {
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
  readonly tables: Tables;
  readonly signingKeys: readonly SigningKey[];
  readonly envelopeKeys?: EnvelopeKeys | undefined;
  /** The key that secrets are derived by, where clients can authenticate by `client_secret_jwt`. */
  readonly clientSecretKey: ClientSecretKey | undefined;
  /** The operator's own, which is asked before each token, if there is one. */
  readonly tokenHook?: IFunction;
}

/** What a need puts into a function: the setting and the permission together, so that neither can be forgotten. */
export interface Binding {
  readonly environment?: Readonly<Record<string, string>>;
  readonly statements?: readonly PolicyStatement[];
}

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
  sign: ({ signingKeys, envelopeKeys }) => ({
    statements: [
      ...signingKeys.map(({ keyArn, signingAlgorithm }) =>
        // A key that signs RS256 would sign PS256 as well.
        allowKms('Sign', [keyArn], { 'kms:SigningAlgorithm': signingAlgorithm }),
      ),
      ...(envelopeKeys
        ? [
            allowKms('Decrypt', [envelopeKeys.wrappingKeyArn], {
              'kms:EncryptionContext:alg': envelopeKeys.algs,
            }),
          ]
        : []),
    ],
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
  rotateKeys: ({ keyRotation, envelopeKeys }) => ({
    environment: {
      SIGNET_KEY_ROTATION_SECONDS: String(keyRotation?.toSeconds()),
      SIGNET_WRAPPING_KEY: String(envelopeKeys?.wrappingKeyArn),
    },
    statements: makeKeyPairs(envelopeKeys),
  }),
} as const satisfies Record<string, (needed: Needed) => Binding>;

/** The name of something that a function can need. */
export type Need = keyof typeof NEEDS;

/** What one need puts into a function of this issuer. */
export function bindingOf(need: Need, needed: Needed): Binding {
  return NEEDS[need](needed);
}

function makeKeyPairs(envelopeKeys: EnvelopeKeys | undefined): readonly PolicyStatement[] {
  if (!envelopeKeys) return [];
  const { wrappingKeyArn, algs } = envelopeKeys;
  return [
    allowKms('GenerateDataKeyPairWithoutPlaintext', [wrappingKeyArn], { 'kms:EncryptionContext:alg': algs }),
  ];
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

function addTokenItems({ tokens }: Tables, keys: string): Binding {
  return {
    environment: { SIGNET_TOKENS_TABLE: tokens.tableName },
    statements: [allowOnItems(tokens, 'dynamodb:PutItem', keys)],
  };
}

/** On items whose partition keys are like these: a table has items of several kinds. */
function allowOnItems({ tableArn }: Table, action: string, ...keys: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    actions: [action],
    resources: [tableArn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
  });
}

function bindTable(variable: string, table: Table, ...actions: readonly string[]): Binding {
  return {
    environment: { [variable]: table.tableName },
    // By hand and not by the table's own grants: those would add its indexes.
    statements: [new PolicyStatement({ actions: [...actions], resources: [table.tableArn] })],
  };
}
