import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AWS_CLIENT_SETTINGS } from '../aws/client-settings.ts';
import { MEASURED_STEP, measuredCalls } from '../aws/measured-calls.ts';
import { batchingReader } from './batching-reader.ts';

/** One table, and how to reach it. */
export interface Table {
  readonly name: string;
  readonly client: DynamoDBClient;
  /** Reads the item with this `record`, the partition key of every table, as it is now; undefined when there is none. */
  read(record: string): Promise<unknown>;
}

/** A connection to DynamoDB. */
export interface DynamoDB {
  table(name: string): Table;
  close(): void;
}

/** Connects to DynamoDB with a client that gives up in time; region and credentials are those of the environment. */
export function connectDynamoDB(): DynamoDB {
  const client = new DynamoDBClient(AWS_CLIENT_SETTINGS);
  client.middlewareStack.add(measuredCalls('dynamodb'), MEASURED_STEP);
  const read = batchingReader(client);
  return {
    table: (name) => ({ name, client, read: (record) => read(name, record) }),
    close: () => client.destroy(),
  };
}
