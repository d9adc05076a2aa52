import type { Clock } from '../../core/clock.ts';
import type { RecordReader } from '../../core/ports/record-store.ts';
import { dropOldest } from './drop-oldest.ts';

/** A function serves few clients at a time; this keeps its memory small whatever happens. */
const RECORDS_MAX = 1_000;

/**
 * Keeps the records that a reader finds, each for `maxAgeSeconds` at most; 0 keeps none.
 *
 * That there is no such record is never kept: a client is there as soon as it was made, and inventing ids fills no memory.
 */
export function cachedRecordReader<Id, Item>(
  reader: RecordReader<Id, Item>,
  maxAgeSeconds: number,
  clock: Clock,
): RecordReader<Id, Item> {
  const kept = new Map<Id, { readonly item: Item; readonly readAt: number }>();
  return {
    async find(id) {
      const now = clock();
      const hit = kept.get(id);
      if (hit && now - hit.readAt < maxAgeSeconds) return hit.item;
      kept.delete(id);
      const item = await reader.find(id);
      if (item === undefined || maxAgeSeconds === 0) return item;
      kept.set(id, { item, readAt: now });
      dropOldest(kept, RECORDS_MAX);
      return item;
    },
  };
}
