import { randomUUID } from 'node:crypto';
import { after, before } from 'node:test';
import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  type KeySpec,
  KMSClient,
  ReplicateKeyCommand,
} from '@aws-sdk/client-kms';
import { connectDynamoDB, type DynamoDB } from '../../adapters/dynamodb/client.ts';
import {
  dynamodbClientStore,
  dynamodbInitialAccessTokenStore,
  dynamodbResourceStore,
} from '../../adapters/dynamodb/record-store.ts';
import { dynamodbReplayStore } from '../../adapters/dynamodb/replay-store.ts';
import { dynamodbSigningKeyStore } from '../../adapters/dynamodb/signing-key-store.ts';
import { dynamodbTokenStore } from '../../adapters/dynamodb/token-store.ts';
import { createKmsClient } from '../../adapters/kms/client.ts';
import { generateDataKeyPair } from '../../adapters/kms/data-key-pair.ts';
import { envelopeSigner } from '../../adapters/kms/envelope-signer.ts';
import { kmsKeyLock } from '../../adapters/kms/key-lock.ts';
import { kmsKeyMaker } from '../../adapters/kms/key-maker.ts';
import { kmsMadeKeys } from '../../adapters/kms/made-keys.ts';
import { readSigningKey } from '../../adapters/kms/public-key.ts';
import { kmsSecretDerivation } from '../../adapters/kms/secret-derivation.ts';
import { kmsSigner } from '../../adapters/kms/signer.ts';
import { ALGS, type Alg } from '../../core/jose/algorithms.ts';
import { createTable } from '../support/aws-tables.ts';
import { type Emulator, startEmulator } from '../support/emulator.ts';
import { initialAccessTokenStoreContract } from './initial-access-token-store.ts';
import { keyLockContract } from './key-lock.ts';
import { madeKeysContract } from './made-keys.ts';
import { recordStoreContract } from './record-store.ts';
import { replayStoreContract } from './replay-store.ts';
import { secretDerivationContract } from './secret-derivation.ts';
import { type SignerAndKeys, signerContract } from './signer.ts';
import { signingKeyStoreContract } from './signing-key-store.ts';
import { tokenStoreContract } from './token-store.ts';

/** What the emulator's KMS has keys for: kms-ml-dsa.test.ts has the algorithms that are not here. */
const KEY_SPECS: Readonly<Partial<Record<Alg, KeySpec>>> = {
  RS256: 'RSA_2048',
  RS384: 'RSA_2048',
  RS512: 'RSA_2048',
  PS256: 'RSA_2048',
  PS384: 'RSA_2048',
  PS512: 'RSA_2048',
  ES256: 'ECC_NIST_P256',
  ES384: 'ECC_NIST_P384',
  ES512: 'ECC_NIST_P521',
  EdDSA: 'ECC_NIST_EDWARDS25519',
};

/** Another than that of the emulator's environment, where a replica of the issuer could be. */
const OTHER_REGION = 'eu-west-1';

let emulator: Emulator;
let dynamodb: DynamoDB;
let kms: KMSClient;
let otherRegion: KMSClient;

before(async () => {
  emulator = await startEmulator();
  Object.assign(process.env, emulator.environment);
  dynamodb = connectDynamoDB();
  kms = createKmsClient();
  otherRegion = new KMSClient({ region: OTHER_REGION });
});
after(async () => {
  dynamodb?.close();
  kms?.destroy();
  otherRegion?.destroy();
  await emulator?.stop();
});

const newTable = () => createTable(dynamodb, `signet-${randomUUID()}`);

recordStoreContract('DynamoDB', async () => {
  const table = await newTable();
  return { clients: dynamodbClientStore(table), resources: dynamodbResourceStore(table) };
});
initialAccessTokenStoreContract('DynamoDB', async () => {
  const table = await newTable();
  return {
    clients: dynamodbClientStore(table),
    initialAccessTokens: dynamodbInitialAccessTokenStore(table),
  };
});
signingKeyStoreContract('DynamoDB', async () => dynamodbSigningKeyStore(await newTable()));
tokenStoreContract('DynamoDB', async () => dynamodbTokenStore(await newTable()));
replayStoreContract('DynamoDB', async (clock) => dynamodbReplayStore(await newTable(), clock));
secretDerivationContract('KMS', async () => {
  const command = new CreateKeyCommand({ KeySpec: 'HMAC_512', KeyUsage: 'GENERATE_VERIFY_MAC' });
  const { KeyMetadata } = await kms.send(command);
  return kmsSecretDerivation(kms, KeyMetadata?.Arn ?? '');
});
madeKeysContract('KMS', async () => {
  const tag = randomUUID();
  return {
    keyMaker: kmsKeyMaker(kms, tag),
    signer: kmsSigner(kms),
    madeKeys: kmsMadeKeys(kms, tag),
  };
});
const openKms = async (): Promise<SignerAndKeys> => ({
  signer: kmsSigner(kms),
  maxBytes: { EdDSA: 4096 },
  createSigningKey: kmsKeyMaker(kms, 'Keys').make,
});
const openEnvelope = async (): Promise<SignerAndKeys> => ({
  signer: envelopeSigner(kms),
  async createSigningKey(alg) {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    return generateDataKeyPair(kms, KeyMetadata?.Arn ?? '', alg);
  },
});
const createReplicatedKey = async (key: CreateKeyCommandInput): Promise<string> => {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ ...key, MultiRegion: true }));
  const KeyId = KeyMetadata?.Arn ?? '';
  await kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: OTHER_REGION }));
  return KeyId;
};
const openKmsOfReplica = async (): Promise<SignerAndKeys> => ({
  signer: kmsSigner(otherRegion),
  async createSigningKey(alg) {
    const keyArn = await createReplicatedKey({ KeySpec: KEY_SPECS[alg], KeyUsage: 'SIGN_VERIFY' });
    return readSigningKey(kms, keyArn, alg);
  },
});
const openEnvelopeOfReplica = async (): Promise<SignerAndKeys> => ({
  signer: envelopeSigner(otherRegion),
  createSigningKey: async (alg) => generateDataKeyPair(kms, await createReplicatedKey({}), alg),
});
const algsOfEmulator = ALGS.filter((alg) => alg in KEY_SPECS);
keyLockContract('KMS', async () => ({ ...(await openKms()), keyLock: kmsKeyLock(kms) }));
signerContract('KMS', openKms, algsOfEmulator);
signerContract('key pairs of KMS', openEnvelope, algsOfEmulator);
signerContract('KMS in another Region than the key was made', openKmsOfReplica, ['RS256', 'ES256']);
keyLockContract('KMS in another Region than the key was made', async () => ({
  ...(await openKmsOfReplica()),
  keyLock: kmsKeyLock(otherRegion),
}));
signerContract('key pairs of KMS in another Region', openEnvelopeOfReplica, ['ES256']);
