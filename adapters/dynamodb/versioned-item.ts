import { marshall } from '@aws-sdk/util-dynamodb';
import type { Table } from './client.ts';
import { putIf } from './conditional-put.ts';

/** An item whose changes are counted: `record` is the partition key of every table. */
export type VersionedItem = Readonly<Record<string, unknown>> & {
  readonly record: string;
  readonly version: number;
};

/** Puts an item in the place of version `item.version - 1`, or of nothing when that is 0; `false` when that is not what is there. */
export function putNextVersion(table: Table, item: VersionedItem): Promise<boolean> {
  if (item.version === 1) {
    return putIf(table, item, {
      ConditionExpression: 'attribute_not_exists(#record)',
      ExpressionAttributeNames: { '#record': 'record' },
    });
  }
  return putIf(table, item, {
    ConditionExpression: '#version = :before',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: marshall({ ':before': item.version - 1 }),
  });
}
