import type { Clock } from '../../core/clock.ts';
import type { RecordReader } from '../../core/ports/record-store.ts';
import { dropOldest } from './drop-oldest.ts';
import type { Kept, StaleIfError } from './stale-if-error.ts';

/** A function serves few clients at a time; this keeps its memory small whatever happens. */
const RECORDS_MAX = 1_000;

/**
 * Keeps the records that a reader finds, each for `maxAgeSeconds`, and longer while the store does not answer; 0 keeps none.
 *
 * That there is no such record is never kept: a client is there as soon as it was made, and inventing ids fills no memory.
 */
export function cachedRecordReader<Id, Item>(
  reader: RecordReader<Id, Item>,
  maxAgeSeconds: number,
  clock: Clock,
  orStale: StaleIfError,
): RecordReader<Id, Item> {
  const kept = new Map<Id, Kept<Item>>();
  return {
    async find(id) {
      const now = clock();
      const hit = kept.get(id);
      if (hit && now - hit.readAt < maxAgeSeconds) return hit.item;
      return orStale<Item | undefined>(hit, async () => {
        const item = await reader.find(id);
        kept.delete(id);
        if (item === undefined || maxAgeSeconds === 0) return item;
        kept.set(id, { item, readAt: now });
        dropOldest(kept, RECORDS_MAX);
        return item;
      });
    },
  };
}
