import type { ManagementPorts } from '../core/management/ports.ts';

/** What the management commands need of a store, wherever it is. */
export interface ManagedStore extends ManagementPorts {
  close(): void;
}
