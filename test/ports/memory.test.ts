import { memoryPorts } from '../support/memory-ports.ts';
import { initialAccessTokenStoreContract } from './initial-access-token-store.ts';
import { madeKeysContract } from './made-keys.ts';
import { recordStoreContract } from './record-store.ts';
import { replayStoreContract } from './replay-store.ts';
import { secretDerivationContract } from './secret-derivation.ts';
import { signerContract } from './signer.ts';
import { signingKeyStoreContract } from './signing-key-store.ts';
import { tokenStoreContract } from './token-store.ts';

// The doubles that the tests of the core run on keep the same promises as the adapters.
recordStoreContract('memory', async () => memoryPorts());
initialAccessTokenStoreContract('memory', async () => memoryPorts());
signingKeyStoreContract('memory', async () => memoryPorts().signingKeys);
tokenStoreContract('memory', async () => memoryPorts().tokens);
replayStoreContract('memory', async (clock) => memoryPorts(clock).replays);
secretDerivationContract('memory', async () => memoryPorts().secretDerivation);
madeKeysContract('memory', async () => memoryPorts());
signerContract('memory', async () => memoryPorts());
