/** Keeps a Map from growing: it has its entries in the order they came in. */
export function dropOldest<Key>(kept: Map<Key, unknown>, most: number): void {
  if (kept.size <= most) return;
  for (const [oldest] of kept) {
    kept.delete(oldest);
    return;
  }
}
