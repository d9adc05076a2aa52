import type { RecordStore } from '../ports/record-store.ts';

const PAGE_SIZE = 100;

/** Lists every record of a store, page by page. */
export async function listAll<Id, Item extends { readonly version: number }>(
  store: RecordStore<Id, Item>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let after: Id | undefined;
  do {
    const page = await store.list(PAGE_SIZE, after);
    all.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return all;
}
