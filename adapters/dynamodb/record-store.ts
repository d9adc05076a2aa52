import { ConditionalCheckFailedException, DeleteItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { InitialAccessTokenStore } from '../../core/ports/initial-access-token-store.ts';
import type { ClientStore, Page, RecordStore, ResourceStore } from '../../core/ports/record-store.ts';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';
import type { Table } from './client.ts';
import {
  CLIENT,
  dynamodbRecordReader,
  INITIAL_ACCESS_TOKEN,
  RESOURCE,
  type RecordKind,
  readDocument,
  recordKey,
} from './record-reader.ts';
import { putNextVersion, putNextVersions, type VersionedItem } from './versioned-item.ts';

/** The index that lists: partitions by kind, in each the identifiers in order. */
const LISTING_INDEX = 'ByKind';

/** The clients in the Clients table. */
export function dynamodbClientStore(table: Table): ClientStore {
  return recordStore(table, CLIENT);
}

/** The resources in the Clients table. */
export function dynamodbResourceStore(table: Table): ResourceStore {
  return recordStore(table, RESOURCE);
}

/** The initial access tokens in the Clients table. */
export function dynamodbInitialAccessTokenStore(table: Table): InitialAccessTokenStore {
  return {
    ...recordStore(table, INITIAL_ACCESS_TOKEN),
    spend: (token, client) =>
      putNextVersions(table, recordItem(INITIAL_ACCESS_TOKEN, token), recordItem(CLIENT, client)),
  };
}

/** A record as it stands in the table. */
function recordItem<Id extends string, Document extends { readonly version: number }>(
  { kind, identify }: RecordKind<Id, Document>,
  document: Document,
): VersionedItem {
  const id = identify(document);
  return { record: recordKey(kind, id), kind, id, version: document.version, document };
}

function recordStore<Id extends string, Document extends { readonly version: number }>(
  table: Table,
  kind: RecordKind<Id, Document>,
): RecordStore<Id, Document> {
  const put = (document: Document) => putNextVersion(table, recordItem(kind, document));
  return {
    ...dynamodbRecordReader(table, kind),
    create: put,
    replace: put,
    remove: (document) =>
      deleteVersion(table, recordKey(kind.kind, kind.identify(document)), document.version),
    list: (limit, after) => queryPage(table, kind, limit, after),
  };
}

async function deleteVersion({ client, name }: Table, record: string, version: number): Promise<boolean> {
  const command = new DeleteItemCommand({
    TableName: name,
    Key: marshall({ record }),
    ConditionExpression: '#version = :version',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: marshall({ ':version': version }),
  });
  const deleted = client.send(command).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    },
  );
  return orTemporarilyUnavailable(deleted);
}

async function queryPage<Id extends string, Document>(
  { client, name }: Table,
  kind: RecordKind<Id, Document>,
  limit: number,
  after: Id | undefined,
): Promise<Page<Id, Document>> {
  const command = new QueryCommand({
    TableName: name,
    IndexName: LISTING_INDEX,
    KeyConditionExpression: after === undefined ? '#kind = :kind' : '#kind = :kind AND #id > :after',
    ExpressionAttributeNames: { '#kind': 'kind', ...(after === undefined ? {} : { '#id': 'id' }) },
    ExpressionAttributeValues: marshall({
      ':kind': kind.kind,
      ...(after === undefined ? {} : { ':after': after }),
    }),
    // One more than asked for, for only that tells whether there is a next page.
    Limit: limit + 1,
  });
  const { Items = [], LastEvaluatedKey } = await orTemporarilyUnavailable(client.send(command));
  const documents = Items.map((item) => readDocument(kind, unmarshall(item)));
  const items = documents.slice(0, limit);
  const last = items.at(-1);
  const isLastPage = documents.length <= limit && LastEvaluatedKey === undefined;
  return isLastPage || last === undefined ? { items } : { items, next: kind.identify(last) };
}
