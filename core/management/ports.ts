import type { Clock } from '../clock.ts';
import type { InitialAccessTokenStore } from '../ports/initial-access-token-store.ts';
import type { ClientStore, ResourceStore } from '../ports/record-store.ts';
import type { SigningKeyStore } from '../ports/signing-key-store.ts';

/** What managing an issuer needs of it: its stores, to read and to write, but nothing that signs. */
export interface ManagementPorts {
  readonly clients: ClientStore;
  readonly resources: ResourceStore;
  readonly initialAccessTokens: InitialAccessTokenStore;
  readonly signingKeys: SigningKeyStore;
  readonly clock: Clock;
}
