import type { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Alg } from '../core/algorithms.ts';
import type { SigningKey } from './signing-key.ts';
import type { Tables } from './tables.ts';

/** The issuer, as far as its functions can need it. */
export interface Needed {
  readonly identifier: string;
  readonly signingAlgs: readonly Alg[];
  readonly accessTokenLifetime: Duration;
  readonly cache: Duration;
  readonly tables: Tables;
  readonly signingKeys: readonly SigningKey[];
}

/** What a need puts into a function: the setting and the permission together, so that neither can be forgotten. */
export interface Binding {
  readonly environment?: Readonly<Record<string, string>>;
  readonly statements?: readonly PolicyStatement[];
}

const NEEDS = {
  issuer: ({ identifier }) => ({ environment: { SIGNET_ISSUER: identifier } }),
  signingAlgs: ({ signingAlgs }) => ({ environment: { SIGNET_SIGNING_ALGS: signingAlgs.join(',') } }),
  accessTokenLifetime: ({ accessTokenLifetime }) => ({
    environment: { SIGNET_ACCESS_TOKEN_LIFETIME_SECONDS: String(accessTokenLifetime.toSeconds()) },
  }),
  cache: ({ cache }) => ({ environment: { SIGNET_CACHE_SECONDS: String(cache.toSeconds()) } }),
  readClients: ({ tables }) => bindTable('SIGNET_CLIENTS_TABLE', tables.clients, 'dynamodb:BatchGetItem'),
  readKeySet: ({ tables }) => bindTable('SIGNET_KEYS_TABLE', tables.keys, 'dynamodb:BatchGetItem'),
  changeKeySet: ({ tables }) =>
    bindTable('SIGNET_KEYS_TABLE', tables.keys, 'dynamodb:BatchGetItem', 'dynamodb:PutItem'),
  readTokens: ({ tables }) => bindTable('SIGNET_TOKENS_TABLE', tables.tokens, 'dynamodb:BatchGetItem'),
  addTokens: ({ tables }) => bindTable('SIGNET_TOKENS_TABLE', tables.tokens, 'dynamodb:PutItem'),
  rememberReplays: ({ tables }) => bindTable('SIGNET_TOKENS_TABLE', tables.tokens, 'dynamodb:PutItem'),
  sign: ({ signingKeys }) => ({
    statements: signingKeys.map(
      ({ keyArn, signingAlgorithm }) =>
        new PolicyStatement({
          actions: ['kms:Sign'],
          resources: [keyArn],
          // A key that signs RS256 would sign PS256 as well. Every Sign has this condition key; emulators may not know it.
          conditions: { StringEqualsIfExists: { 'kms:SigningAlgorithm': signingAlgorithm } },
        }),
    ),
  }),
  readPublicKeys: ({ signingKeys }) => ({
    statements: [
      new PolicyStatement({
        actions: ['kms:GetPublicKey'],
        resources: signingKeys.map(({ keyArn }) => keyArn),
      }),
    ],
  }),
} as const satisfies Record<string, (needed: Needed) => Binding>;

/** The name of something that a function can need. */
export type Need = keyof typeof NEEDS;

/** What one need puts into a function of this issuer. */
export function bindingOf(need: Need, needed: Needed): Binding {
  return NEEDS[need](needed);
}

function bindTable(variable: string, table: Table, ...actions: readonly string[]): Binding {
  return {
    environment: { [variable]: table.tableName },
    // By hand and not by the table's own grants: those would add its indexes.
    statements: [new PolicyStatement({ actions: [...actions], resources: [table.tableArn] })],
  };
}
