import type { ReplayKey } from '../replay-key.ts';

/** Remembers what may be used once, such as a client assertion (RFC 7523 §3). */
export interface ReplayStore {
  /** Remembers a key until this time (seconds since the epoch): `true` the first time and `false` after it, whatever races. */
  remember(key: ReplayKey, until: number): Promise<boolean>;
}
