import {
  deployedAssertions,
  deployedClients,
  deployedResources,
  deployedSigningKeys,
} from '../adapters/deployed-issuer.ts';
import { deployedRequestLog } from '../adapters/deployed-request-log.ts';
import { connectDynamoDB } from '../adapters/dynamodb/client.ts';
import { dynamodbReplayStore } from '../adapters/dynamodb/replay-store.ts';
import { dynamodbTokenStore } from '../adapters/dynamodb/token-store.ts';
import { readSetting, SETTINGS } from '../adapters/environment.ts';
import { createKmsClient } from '../adapters/kms/client.ts';
import { configuredSecretDerivation } from '../adapters/kms/secret-derivation.ts';
import { systemClock } from '../core/clock.ts';
import { introspect } from '../core/introspection-endpoint.ts';
import { formEndpoint } from '../http/form-endpoint.ts';

const dynamodb = connectDynamoDB();
const tokensTable = dynamodb.table(readSetting(SETTINGS.tokensTable));

const issuer = {
  ...deployedAssertions(),
  clients: deployedClients(dynamodb),
  resources: deployedResources(dynamodb),
  signingKeys: deployedSigningKeys(dynamodb),
  tokens: dynamodbTokenStore(tokensTable),
  replays: dynamodbReplayStore(tokensTable, systemClock),
  secretDerivation: configuredSecretDerivation(createKmsClient),
  clock: systemClock,
};

export const handler = formEndpoint(
  'introspection',
  (request, record) => introspect(request, issuer, record),
  deployedRequestLog(),
);
