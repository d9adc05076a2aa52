import { hash } from 'node:crypto';
import * as v from 'valibot';

const ReplayKeySchema = v.pipe(v.string(), v.brand('ReplayKey'));

/** What stands in a replay store for something that may be used once. */
export type ReplayKey = v.InferOutput<typeof ReplayKeySchema>;

/** Makes the key of what its parts tell from all else: a hash, for callers choose the parts, and some stores bound their keys. */
export function replayKey(...parts: readonly string[]): ReplayKey {
  return v.parse(ReplayKeySchema, hash('sha256', JSON.stringify(parts), 'base64url'));
}
