import { TransactionCanceledException, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { temporarilyUnavailable } from '../../core/temporarily-unavailable.ts';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';
import type { Table } from './client.ts';
import { type Condition, putIf } from './conditional-put.ts';

/** An item whose changes are counted: `record` is the partition key of every table. */
export type VersionedItem = Readonly<Record<string, unknown>> & {
  readonly record: string;
  readonly version: number;
};

/** Puts an item in the place of version `item.version - 1`, or of nothing when that is 0; `false` when that is not what is there. */
export function putNextVersion(table: Table, item: VersionedItem): Promise<boolean> {
  return putIf(table, item, isVersionBefore(item));
}

/** Puts items in the places of the versions before them, all or none; `false` when one of these is not what is there. */
export function putNextVersions(
  { client, name }: Table,
  ...items: readonly VersionedItem[]
): Promise<boolean> {
  // The SDK gives the transaction a token, by which a try whose answer was lost is known when it is tried again.
  const command = new TransactWriteItemsCommand({
    TransactItems: items.map((item) => ({
      Put: { TableName: name, Item: marshall(item), ...isVersionBefore(item) },
    })),
  });
  const written = client.send(command).then(
    () => true,
    (error: unknown) => {
      // Another write was there before, or is under way.
      if (isCancelledFor(REFUSALS, error)) return false;
      throw isCancelledFor(THROTTLES, error) ? temporarilyUnavailable(error) : error;
    },
  );
  return orTemporarilyUnavailable(written);
}

const REFUSALS = ['ConditionalCheckFailed', 'TransactionConflict'];
const THROTTLES = ['ThrottlingError', 'ProvisionedThroughputExceeded'];

/** Tells whether a transaction was cancelled for one of these reasons. */
function isCancelledFor(reasons: readonly string[], error: unknown): boolean {
  return (
    error instanceof TransactionCanceledException &&
    (error.CancellationReasons ?? []).some(({ Code = '' }) => reasons.includes(Code))
  );
}

function isVersionBefore({ version }: VersionedItem): Condition {
  if (version === 1) {
    return {
      ConditionExpression: 'attribute_not_exists(#record)',
      ExpressionAttributeNames: { '#record': 'record' },
    };
  }
  return {
    ConditionExpression: '#version = :before',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: marshall({ ':before': version - 1 }),
  };
}
