import { after } from 'node:test';
import { type Database, openDatabase } from '../../adapters/embedded/database.ts';
import {
  embeddedClientStore,
  embeddedInitialAccessTokenStore,
  embeddedResourceStore,
} from '../../adapters/embedded/record-store.ts';
import { embeddedReplayStore } from '../../adapters/embedded/replay-store.ts';
import { embeddedSecretDerivation } from '../../adapters/embedded/secret-derivation.ts';
import { embeddedSigner } from '../../adapters/embedded/signer.ts';
import { embeddedSigningKeys } from '../../adapters/embedded/signing-key-store.ts';
import { embeddedTokenStore } from '../../adapters/embedded/token-store.ts';
import { systemClock } from '../../core/clock.ts';
import { publishSigningKey } from '../../core/management/signing-keys.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { initialAccessTokenStoreContract } from './initial-access-token-store.ts';
import { recordStoreContract } from './record-store.ts';
import { replayStoreContract } from './replay-store.ts';
import { secretDerivationContract } from './secret-derivation.ts';
import { signerContract } from './signer.ts';
import { signingKeyStoreContract } from './signing-key-store.ts';
import { tokenStoreContract } from './token-store.ts';

const pathOf = temporaryFolder();
const databases: Database[] = [];
after(() => {
  for (const database of databases) database.close();
});

function openEmpty(): Database {
  const database = openDatabase(pathOf(String(databases.length)));
  databases.push(database);
  return database;
}

recordStoreContract('sqlite', async () => {
  const database = openEmpty();
  return { clients: embeddedClientStore(database), resources: embeddedResourceStore(database) };
});
initialAccessTokenStoreContract('sqlite', async () => {
  const database = openEmpty();
  return {
    clients: embeddedClientStore(database),
    initialAccessTokens: embeddedInitialAccessTokenStore(database),
  };
});
signingKeyStoreContract('sqlite', async () => embeddedSigningKeys(openEmpty()).signingKeys);
tokenStoreContract('sqlite', async (clock) => embeddedTokenStore(openEmpty(), clock));
replayStoreContract('sqlite', async (clock) => embeddedReplayStore(openEmpty(), clock));
secretDerivationContract('sqlite', async () => embeddedSecretDerivation(openEmpty()));
signerContract('sqlite', async () => {
  const database = openEmpty();
  const { signingKeys, keyMaker } = embeddedSigningKeys(database);
  return {
    signer: embeddedSigner(database),
    async createSigningKey(alg) {
      const material = await keyMaker.make(alg);
      await publishSigningKey(material, { signingKeys, clock: systemClock });
      return material;
    },
  };
});
