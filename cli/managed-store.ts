import type { ManagementPorts } from '../core/management/ports.ts';
import type { KeyMaker } from '../core/ports/key-maker.ts';

/** What the management commands need of a store, wherever it is. */
export interface ManagedStore extends ManagementPorts {
  readonly keyMaker: KeyMaker;
  close(): void;
}
