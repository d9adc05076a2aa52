import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { temporarilyUnavailable } from '../../core/temporarily-unavailable.ts';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';

/** DynamoDB takes no more keys in one call. */
const BATCH_MAX_KEYS = 100;

type Keys = Map<string, Set<string>>;
type Items = ReadonlyMap<string, ReadonlyMap<string, unknown>>;

interface Batch {
  readonly keys: Keys;
  readonly items: Promise<Items>;
}

/**
 * Makes a reader of items whose reads, when they are asked for at the same moment, come by one call, from whichever tables: a
 * token needs its resource and the key set, and waits for one answer instead of paying for two.
 *
 * Reads are strongly consistent: a client that was made a moment ago gets its token.
 */
export function batchingReader(client: DynamoDBClient): (table: string, record: string) => Promise<unknown> {
  let open: Batch | undefined;

  const openBatch = (): Batch => {
    const keys: Keys = new Map();
    // The batch closes when the code that asks has run to its first wait.
    const items = Promise.resolve().then(() => {
      open = undefined;
      return fetchItems(client, keys);
    });
    return { keys, items };
  };

  return async (table, record) => {
    if (open === undefined || countKeys(open.keys) >= BATCH_MAX_KEYS) open = openBatch();
    const { keys, items } = open;
    keys.set(table, (keys.get(table) ?? new Set()).add(record));
    return (await items).get(table)?.get(record);
  };
}

function countKeys(keys: Keys): number {
  return keys.values().reduce((count, records) => count + records.size, 0);
}

async function fetchItems(client: DynamoDBClient, keys: Keys): Promise<Items> {
  const requests = [...keys].map(([table, records]) => [
    table,
    { Keys: [...records].map((record) => marshall({ record })), ConsistentRead: true },
  ]);
  const command = new BatchGetItemCommand({ RequestItems: Object.fromEntries(requests) });
  const { Responses = {}, UnprocessedKeys = {} } = await orTemporarilyUnavailable(client.send(command));
  // What DynamoDB leaves out it is too busy for, and that is not the same as its not being there.
  if (Object.keys(UnprocessedKeys).length > 0) {
    throw temporarilyUnavailable(new Error('DynamoDB left keys of a batch unprocessed'));
  }
  const tables = Object.entries(Responses).map(([table, items]) => {
    const byRecord = items.map((item) => unmarshall(item)).map((item) => [recordOf(item), item] as const);
    return [table, new Map(byRecord)] as const;
  });
  return new Map(tables);
}

const RecordSchema = v.object({ record: v.string() });

function recordOf(item: unknown): string {
  return v.parse(RecordSchema, item).record;
}
