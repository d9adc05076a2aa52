import type { Client } from '../client.ts';
import type { InitialAccessToken, InitialAccessTokenId } from '../registration/initial-access-token.ts';
import type { RecordStore } from './record-store.ts';

/** The initial access tokens, by what they are kept under. */
export interface InitialAccessTokenStore extends RecordStore<InitialAccessTokenId, InitialAccessToken> {
  /**
   * Puts a token in the place of the version before it and adds a client, both or neither, whatever races or breaks; `false`
   * when that version is not what is there, or the client's identifier is taken.
   */
  spend(token: InitialAccessToken, client: Client): Promise<boolean>;
}
