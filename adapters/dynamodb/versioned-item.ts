import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';
import type { Table } from './client.ts';

/** An item whose changes are counted: `record` is the partition key of every table. */
export type VersionedItem = Readonly<Record<string, unknown>> & {
  readonly record: string;
  readonly version: number;
};

/** Puts an item in the place of version `item.version - 1`, or of nothing when that is 0; `false` when that is not what is there. */
export async function putNextVersion({ client, name }: Table, item: VersionedItem): Promise<boolean> {
  const write_id = randomUUID();
  const isFirst = item.version === 1;
  const command = new PutItemCommand({
    TableName: name,
    Item: marshall({ ...item, write_id }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ...(isFirst
      ? {
          ConditionExpression: 'attribute_not_exists(#record)',
          ExpressionAttributeNames: { '#record': 'record' },
        }
      : {
          ConditionExpression: '#version = :before',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: marshall({ ':before': item.version - 1 }),
        }),
  });
  return orTemporarilyUnavailable(
    client.send(command).then(
      () => true,
      (error) => wasOurs(error, write_id),
    ),
  );
}

/** A try that was written but whose answer was lost is tried again by the SDK, and then meets its own item. */
function wasOurs(error: unknown, write_id: string): boolean {
  if (error instanceof ConditionalCheckFailedException) return writeId(error.Item) === write_id;
  throw error;
}

function writeId(item: Record<string, AttributeValue> | undefined): unknown {
  return item && unmarshall(item)['write_id'];
}
