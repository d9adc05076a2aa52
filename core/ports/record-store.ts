import type { Client } from '../client.ts';
import type { ClientId } from '../client-id.ts';
import type { Resource, ResourceIdentifier } from '../resource.ts';

/** One page of a listing, in the order of identifiers; `next` continues after it and is absent on the last one. */
export interface Page<Id, Item> {
  readonly items: readonly Item[];
  readonly next?: Id;
}

/** Finds records by their identifiers: all that an endpoint ever does with them. */
export interface RecordReader<Id, Item> {
  find(id: Id): Promise<Item | undefined>;
}

/**
 * Keeps records under their identifiers.
 *
 * Changes are settled by the store, whatever races: each answers `false` when another was first, and has then done nothing.
 */
export interface RecordStore<Id, Item extends { readonly version: number }> extends RecordReader<Id, Item> {
  /** Adds a record; `false` when its identifier is taken. */
  create(item: Item): Promise<boolean>;
  /** Puts a record in the place of the version before it (`item.version - 1`); `false` when that is not what is there. */
  replace(item: Item): Promise<boolean>;
  /** Takes a record away; `false` when what is there is not this version of it. */
  remove(item: Item): Promise<boolean>;
  list(limit: number, after?: Id): Promise<Page<Id, Item>>;
}

export type ClientReader = RecordReader<ClientId, Client>;

export type ResourceReader = RecordReader<ResourceIdentifier, Resource>;

/** The clients. */
export type ClientStore = RecordStore<ClientId, Client>;

/** The APIs that tokens are for. */
export type ResourceStore = RecordStore<ResourceIdentifier, Resource>;
