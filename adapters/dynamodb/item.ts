import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';
import type { Table } from './client.ts';

/** An item: `record` is the partition key of every table. */
export type Item = Readonly<Record<string, unknown>> & { readonly record: string };

/** Reads an item as it is now: one that was written a moment ago too. */
export async function getItem({ client, name }: Table, record: string): Promise<unknown> {
  const command = new GetItemCommand({
    TableName: name,
    Key: marshall({ record }),
    ConsistentRead: true,
  });
  const { Item } = await orTemporarilyUnavailable(client.send(command));
  return Item && unmarshall(Item);
}

/** Puts an item in the place of version `item.version - 1`, or of nothing when that is 0; `false` when that is not what is there. */
export async function putNextVersion(
  { client, name }: Table,
  item: Item & { readonly version: number },
): Promise<boolean> {
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
