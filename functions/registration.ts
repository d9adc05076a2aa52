import { deployedAssertions } from '../adapters/deployed-issuer.ts';
import { deployedRequestLog } from '../adapters/deployed-request-log.ts';
import { connectDynamoDB } from '../adapters/dynamodb/client.ts';
import {
  dynamodbClientStore,
  dynamodbInitialAccessTokenStore,
  dynamodbResourceStore,
} from '../adapters/dynamodb/record-store.ts';
import { readSetting, SETTINGS } from '../adapters/environment.ts';
import { systemClock } from '../core/clock.ts';
import { registrationEndpoint } from '../http/registration-endpoint.ts';

const table = connectDynamoDB().table(readSetting(SETTINGS.clientsTable));

export const handler = registrationEndpoint(
  {
    ...deployedAssertions(),
    clients: dynamodbClientStore(table),
    resources: dynamodbResourceStore(table),
    initialAccessTokens: dynamodbInitialAccessTokenStore(table),
    clock: systemClock,
  },
  deployedRequestLog(),
);
