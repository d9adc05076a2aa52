import type { ManagementPorts } from '../core/management/ports.ts';
import type { KeyLock } from '../core/ports/key-lock.ts';
import type { KeyMaker } from '../core/ports/key-maker.ts';

/** What the management commands need of a store, wherever it is. */
export interface ManagedStore extends ManagementPorts {
  readonly keyMaker: KeyMaker;
  /** Where private halves are in KMS. */
  readonly keyLock?: KeyLock;
  close(): void;
}
