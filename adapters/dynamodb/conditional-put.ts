import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';
import type { Table } from './client.ts';

/** What has to be true of the item that is there before another takes its place. */
export type Condition = Pick<
  PutItemCommandInput,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** Puts an item where its key is when the condition holds; `false` when it does not. */
export async function putIf(
  { client, name }: Table,
  item: Readonly<Record<string, unknown>>,
  condition: Condition,
): Promise<boolean> {
  const write_id = randomUUID();
  const command = new PutItemCommand({
    TableName: name,
    Item: marshall({ ...item, write_id }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ...condition,
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
