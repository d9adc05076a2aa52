import * as v from 'valibot';
import { type Client, ClientSchema } from '../../core/client.ts';
import type { InitialAccessTokenStore } from '../../core/ports/initial-access-token-store.ts';
import type { ClientStore, RecordStore, ResourceStore } from '../../core/ports/record-store.ts';
import {
  type InitialAccessToken,
  InitialAccessTokenSchema,
} from '../../core/registration/initial-access-token.ts';
import { ResourceSchema } from '../../core/resource.ts';
import type { Database } from './database.ts';
import { keepUntilWritten } from './keep-until-written.ts';

/** The clients in an embedded store. */
export function embeddedClientStore(database: Database): ClientStore {
  return recordStore(database, 'client', ClientSchema, clientId);
}

/** The initial access tokens in an embedded store. */
export function embeddedInitialAccessTokenStore(database: Database): InitialAccessTokenStore {
  const tokens = recordWriter(database, 'initial-access-token', tokenId);
  const clients = recordWriter(database, 'client', clientId);
  return {
    ...recordStore(database, 'initial-access-token', InitialAccessTokenSchema, tokenId),
    async spend(token, client) {
      return database.transact(() => tokens.replace(token) && clients.create(client));
    },
  };
}

/** The resources in an embedded store. */
export function embeddedResourceStore(database: Database): ResourceStore {
  return recordStore(database, 'resource', ResourceSchema, (resource) => resource.resource);
}

function clientId({ client_id }: Client): Client['client_id'] {
  return client_id;
}

function tokenId({
  initial_access_token_id,
}: InitialAccessToken): InitialAccessToken['initial_access_token_id'] {
  return initial_access_token_id;
}

function recordWriter<Item extends { readonly version: number }>(
  database: Database,
  kind: string,
  identify: (item: Item) => string,
) {
  const insert = database.prepare(
    'INSERT INTO record (kind, id, version, document) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const update = database.prepare(
    'UPDATE record SET version = ?, document = ? WHERE kind = ? AND id = ? AND version = ?',
  );
  return {
    create: (item: Item) =>
      database.write(insert, kind, identify(item), item.version, JSON.stringify(item)) === 1,
    replace: (item: Item) => {
      const { version } = item;
      return database.write(update, version, JSON.stringify(item), kind, identify(item), version - 1) === 1;
    },
  };
}

function recordStore<Id extends string, Item extends { readonly version: number }>(
  database: Database,
  kind: string,
  schema: v.GenericSchema<unknown, Item>,
  identify: (item: Item) => Id,
): RecordStore<Id, Item> {
  const select = database.prepare('SELECT document FROM record WHERE kind = ? AND id = ?');
  const writer = recordWriter(database, kind, identify);
  const erase = database.prepare('DELETE FROM record WHERE kind = ? AND id = ? AND version = ?');
  const page = database.prepare('SELECT document FROM record WHERE kind = ? AND id > ? ORDER BY id LIMIT ?');
  const read = (row: Record<string, unknown>): Item => v.parse(schema, JSON.parse(String(row['document'])));
  const find = keepUntilWritten(database, (id: Id) => {
    const row = database.get(select, kind, id);
    return row && read(row);
  });

  return {
    async find(id) {
      return find(id);
    },
    async create(item) {
      return writer.create(item);
    },
    async replace(item) {
      return writer.replace(item);
    },
    async remove(item) {
      return database.write(erase, kind, identify(item), item.version) === 1;
    },
    async list(limit, after) {
      const items = database.all(page, kind, after ?? '', limit + 1).map(read);
      const shown = items.slice(0, limit);
      const last = shown.at(-1);
      return items.length > limit && last ? { items: shown, next: identify(last) } : { items: shown };
    },
  };
}
