import type { Database } from './database.ts';

/** How many are kept: some ten megabytes of clients. More are not kept; what they cost to read each time is little. */
export const KEPT_MAX = 10_000;

/** Makes of a reader one that reads each thing once, and again after anything was written to the database. */
export function keepUntilWritten<Key, Value>(
  database: Database,
  read: (key: Key) => Value | undefined,
): (key: Key) => Value | undefined {
  const kept = new Map<Key, Value>();
  let keptAt: number | undefined;
  return (key) => {
    const revision = database.revision();
    if (revision !== keptAt) kept.clear();
    keptAt = revision;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const value = read(key);
    if (value !== undefined && kept.size < KEPT_MAX) kept.set(key, value);
    return value;
  };
}
