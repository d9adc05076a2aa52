import { type Clock, systemClock } from '../../core/clock.ts';
import type { Issuer } from '../../core/issuer.ts';
import type { Alg } from '../../core/jose/algorithms.ts';
import { currentSigningKey } from '../../core/jose/signing-key.ts';
import type { ManagementPorts } from '../../core/management/ports.ts';
import { publishSigningKey } from '../../core/management/signing-keys.ts';
import { OAuthError } from '../../core/oauth-error.ts';
import { hasDatabase, openDatabase } from './database.ts';
import {
  embeddedClientStore,
  embeddedInitialAccessTokenStore,
  embeddedResourceStore,
} from './record-store.ts';
import { embeddedReplayStore } from './replay-store.ts';
import { embeddedSecretDerivation } from './secret-derivation.ts';
import { embeddedSigner } from './signer.ts';
import { type EmbeddedSigningKeys, embeddedSigningKeys } from './signing-key-store.ts';
import { embeddedTokenStore } from './token-store.ts';

/** The ports of an embedded issuer: all that its store is good for before it has a URL. */
export interface EmbeddedStore
  extends ManagementPorts,
    Pick<EmbeddedSigningKeys, 'keyMaker'>,
    Pick<Issuer, 'signer' | 'tokens' | 'replays'> {
  /** Sees to it that there is a key for each of these algorithms. */
  createMissingKeys(algs: readonly Alg[]): Promise<void>;
  close(): void;
}

/**
 * Opens the store of an embedded issuer, and makes it when there is none.
 *
 * @throws OAuthError or Error when the folder, or the store in it, cannot be used
 */
export function openEmbeddedStore(folder: string, clock: Clock = systemClock): EmbeddedStore {
  const database = openDatabase(folder);
  const { signingKeys, keyMaker } = embeddedSigningKeys(database);
  return {
    clients: embeddedClientStore(database),
    resources: embeddedResourceStore(database),
    initialAccessTokens: embeddedInitialAccessTokenStore(database),
    signingKeys,
    keyMaker,
    signer: embeddedSigner(database),
    tokens: embeddedTokenStore(database, clock),
    replays: embeddedReplayStore(database, clock),
    secretDerivation: embeddedSecretDerivation(database),
    clock,
    async createMissingKeys(algs) {
      const keySet = await signingKeys.load();
      const missing = algs.filter((alg) => !currentSigningKey(keySet, alg, clock()));
      const keys = await Promise.all(missing.map((alg) => keyMaker.make(alg)));
      for (const key of keys) await publishSigningKey(key, { signingKeys, clock });
    },
    close: () => database.close(),
  };
}

/**
 * Opens the store of an embedded issuer that has run before.
 *
 * @throws OAuthError `not_found` when there is none: a folder that was misspelt is no new store
 */
export function openExistingStore(folder: string): EmbeddedStore {
  if (hasDatabase(folder)) return openEmbeddedStore(folder);
  throw new OAuthError(
    'not_found',
    `there is no store in ${folder}: npm start makes one, and --data names another folder`,
  );
}
