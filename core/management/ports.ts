import type { Clock } from '../clock.ts';
import type { InitialAccessTokenStore } from '../ports/initial-access-token-store.ts';
import type { ClientStore, ResourceStore } from '../ports/record-store.ts';
import type { SecretDerivation } from '../ports/secret-derivation.ts';
import type { SigningKeyStore } from '../ports/signing-key-store.ts';

/** What managing an issuer needs of it: its stores, to read and to write, but nothing that signs. */
export interface ManagementPorts {
  readonly clients: ClientStore;
  readonly resources: ResourceStore;
  readonly initialAccessTokens: InitialAccessTokenStore;
  readonly signingKeys: SigningKeyStore;
  /** Where there is none, no client can have `client_secret_jwt`. */
  readonly secretDerivation?: SecretDerivation | undefined;
  readonly clock: Clock;
}
