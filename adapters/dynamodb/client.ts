import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AWS_CLIENT_SETTINGS } from '../aws/client-settings.ts';

/** A table and the client to reach it by. */
export interface Table {
  readonly client: DynamoDBClient;
  readonly name: string;
}

/** Makes a DynamoDB client that gives up in time; region and credentials are those of the environment. */
export function createDynamoDBClient(): DynamoDBClient {
  return new DynamoDBClient(AWS_CLIENT_SETTINGS);
}
