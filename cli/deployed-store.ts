import { type DeployedStack, readStack } from '../adapters/cloudformation/stack.ts';
import { deployedSecretDerivation } from '../adapters/deployed-secret-derivation.ts';
import { connectDynamoDB } from '../adapters/dynamodb/client.ts';
import {
  dynamodbClientStore,
  dynamodbInitialAccessTokenStore,
  dynamodbResourceStore,
} from '../adapters/dynamodb/record-store.ts';
import { dynamodbSigningKeyStore } from '../adapters/dynamodb/signing-key-store.ts';
import { createKmsClient } from '../adapters/kms/client.ts';
import { deployedKeyMaker } from '../adapters/kms/deployed-key-maker.ts';
import { kmsKeyLock } from '../adapters/kms/key-lock.ts';
import { OAuthError } from '../core/oauth-error.ts';
import type { ManagedStore } from './managed-store.ts';

/** The outputs of a stack by which its tables are found. */
const CLIENTS_TABLE_OUTPUT = 'SignetClientsTable';
const KEYS_TABLE_OUTPUT = 'SignetKeysTable';

/** The output of a stack that has a key for the secrets of `client_secret_jwt`. */
export const CLIENT_SECRET_KEY_OUTPUT = 'SignetClientSecretKey';

/** The outputs for the making of keys: the key under which key pairs are made, and the tag of keys that sign in KMS. */
export const WRAPPING_KEY_OUTPUT = 'SignetWrappingKey';
const SIGNING_KEY_TAG_OUTPUT = 'SignetSigningKeyTag';

/**
 * Opens the store of a deployed issuer, with the operator's own credentials.
 *
 * @throws OAuthError `not_found` when there is no such stack, or no issuer in it
 */
export async function openDeployedStore(stack: string): Promise<ManagedStore> {
  return connectStore(stack, await readStack(stack));
}

/**
 * Opens the store of a stack that was read.
 *
 * @throws OAuthError `not_found` when there is no issuer in it
 */
export async function connectStore(stack: string, { outputs, clock }: DeployedStack): Promise<ManagedStore> {
  const dynamodb = connectDynamoDB();
  const kms = createKmsClient();
  const table = (output: string) => {
    const name = outputs.get(output);
    if (name !== undefined) return dynamodb.table(name);
    throw new OAuthError(
      'not_found',
      `the stack ${stack} has no output ${output}: it is no stack of an issuer`,
    );
  };
  return {
    clients: dynamodbClientStore(table(CLIENTS_TABLE_OUTPUT)),
    resources: dynamodbResourceStore(table(CLIENTS_TABLE_OUTPUT)),
    initialAccessTokens: dynamodbInitialAccessTokenStore(table(CLIENTS_TABLE_OUTPUT)),
    signingKeys: dynamodbSigningKeyStore(table(KEYS_TABLE_OUTPUT)),
    secretDerivation: await deployedSecretDerivation(outputs.get(CLIENT_SECRET_KEY_OUTPUT)),
    keyLock: kmsKeyLock(kms),
    keyMaker: deployedKeyMaker(kms, {
      wrappingKeyArn: outputs.get(WRAPPING_KEY_OUTPUT),
      signingKeyTag: outputs.get(SIGNING_KEY_TAG_OUTPUT),
    }),
    clock,
    close: () => dynamodb.close(),
  };
}
