import { OAuthError } from '../oauth-error.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { untilAccepted } from './until-accepted.ts';

/** What records are called, and in the plural the commands that manage them. */
type RecordName = 'client' | 'resource' | 'initial-access-token';

/**
 * Finds a record that has to be there.
 *
 * @throws OAuthError `not_found`
 */
export async function requireRecord<Id extends string, Item extends { readonly version: number }>(
  what: RecordName,
  id: Id,
  store: RecordStore<Id, Item>,
): Promise<Item> {
  const item = await store.find(id);
  if (item) return item;
  throw new OAuthError('not_found', `there is no ${what} ${id}: signet ${what}s list shows those there are`);
}

/**
 * Changes a record, whatever other changes race with this one.
 *
 * @param change makes the changed record of the one that is there; it may be called again for a newer one
 * @throws OAuthError `not_found`, or `conflict` when others keep changing it
 */
export function changeRecord<Id extends string, Item extends { readonly version: number }>(
  what: RecordName,
  id: Id,
  store: RecordStore<Id, Item>,
  change: (item: Item) => Item | Promise<Item>,
): Promise<Item> {
  return untilAccepted(`the ${what} ${id}`, async () => {
    const item = await requireRecord(what, id, store);
    const changed = { ...(await change(item)), version: item.version + 1 };
    return (await store.replace(changed)) ? changed : undefined;
  });
}

/**
 * Deletes a record, whatever other changes race with it.
 *
 * @throws OAuthError `not_found`, or `conflict` when others keep changing it
 */
export async function deleteRecord<Id extends string, Item extends { readonly version: number }>(
  what: RecordName,
  id: Id,
  store: RecordStore<Id, Item>,
): Promise<void> {
  await untilAccepted(`the ${what} ${id}`, async () => {
    const item = await requireRecord(what, id, store);
    return (await store.remove(item)) || undefined;
  });
}

/**
 * Adds a record.
 *
 * @throws OAuthError `conflict` when its identifier is taken
 */
export async function createRecord<Id extends string, Item extends { readonly version: number }>(
  what: RecordName,
  id: Id,
  store: RecordStore<Id, Item>,
  item: Item,
): Promise<Item> {
  if (await store.create(item)) return item;
  throw new OAuthError('conflict', `there is a ${what} ${id} already`);
}
