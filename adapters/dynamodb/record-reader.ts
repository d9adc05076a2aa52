import * as v from 'valibot';
import { type Client, ClientSchema } from '../../core/client.ts';
import type { ClientId } from '../../core/client-id.ts';
import type { RecordReader } from '../../core/ports/record-store.ts';
import {
  type InitialAccessToken,
  type InitialAccessTokenId,
  InitialAccessTokenSchema,
} from '../../core/registration/initial-access-token.ts';
import { type Resource, type ResourceIdentifier, ResourceSchema } from '../../core/resource.ts';
import type { Table } from './client.ts';

/** How records of one kind stand in the Clients table. */
export interface RecordKind<Id extends string, Document> {
  /** What their keys begin with, and the partition of the listing index that they are in. */
  readonly kind: string;
  readonly schema: v.GenericSchema<unknown, Document>;
  identify(document: Document): Id;
}

export const CLIENT: RecordKind<ClientId, Client> = {
  kind: 'client',
  schema: ClientSchema,
  identify: (client) => client.client_id,
};

export const RESOURCE: RecordKind<ResourceIdentifier, Resource> = {
  kind: 'resource',
  schema: ResourceSchema,
  identify: (resource) => resource.resource,
};

export const INITIAL_ACCESS_TOKEN: RecordKind<InitialAccessTokenId, InitialAccessToken> = {
  kind: 'initial-access-token',
  schema: InitialAccessTokenSchema,
  identify: (token) => token.initial_access_token_id,
};

/** The partition key of a record. */
export function recordKey(kind: string, id: string): string {
  return `${kind}#${id}`;
}

/** Reads the document of an item, trusting nothing that stands in the table. */
export function readDocument<Id extends string, Document>(
  { schema }: RecordKind<Id, Document>,
  item: unknown,
): Document {
  return v.parse(v.object({ document: schema }), item).document;
}

/** Reads records of one kind from the Clients table, those asked for together by one call. */
export function dynamodbRecordReader<Id extends string, Document>(
  table: Table,
  kind: RecordKind<Id, Document>,
): RecordReader<Id, Document> {
  return {
    async find(id) {
      const item = await table.read(recordKey(kind.kind, id));
      return item === undefined ? undefined : readDocument(kind, item);
    },
  };
}
