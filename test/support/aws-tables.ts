import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDB, Table } from '../../adapters/dynamodb/client.ts';

/** Makes a table with the keys that the stack's tables have; the listing index is that of the Clients table. */
export async function createTable(dynamodb: DynamoDB, name: string): Promise<Table> {
  const table = dynamodb.table(name);
  const attributes = ['record', 'kind', 'id'];
  await table.client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [{ AttributeName: 'record', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'ByKind',
          KeySchema: [
            { AttributeName: 'kind', KeyType: 'HASH' },
            { AttributeName: 'id', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  return table;
}
