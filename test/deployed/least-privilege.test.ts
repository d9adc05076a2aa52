import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateMacCommand,
  GetPublicKeyCommand,
  KMSClient,
  ListKeysCommand,
  ListResourceTagsCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  type Tag,
} from '@aws-sdk/client-kms';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { KeySetSchema } from '../../core/jose/signing-key.ts';
import { bootstrap } from '../support/cdk.ts';
import { type DeployedIssuer, deployIssuer } from '../support/deployed-issuer.ts';
import { type Emulator, startEmulator } from '../support/emulator.ts';
import { runSignet } from '../support/signet.ts';
import { physicalIds } from './stack-resources.ts';

const ACCOUNT = '000000000000';
const RESOURCE = 'https://api.example.com';

/**
 * All that each function may do of what the others may; the names of the roles say whose they are. What items of a table it may write, or
 * the ResourceMetadata function read, is said by conditions that the emulator does not know: test/infra/permissions.test.ts has them.
 */
const MAY = {
  Token: [
    'read clients',
    'read keys',
    'read tokens',
    'write tokens',
    'sign',
    'sign with made keys',
    'decrypt key pairs',
    'derive secrets',
  ],
  Introspection: ['read clients', 'read keys', 'read tokens', 'write tokens', 'derive secrets'],
  Revocation: ['read clients', 'read keys', 'read tokens', 'write tokens', 'derive secrets'],
  Jwks: ['read keys'],
  Metadata: [],
  Registration: ['read clients', 'write clients', 'delete clients'],
  ResourceMetadata: ['read clients'],
  NotFound: [],
  // It deletes keys of a throw-away stack, which this one is.
  KeyPublication: [
    'read keys',
    'write keys',
    'read public key',
    'make key pairs',
    'list keys',
    'read tags',
    'delete made keys',
  ],
  KeyRotation: [
    'read keys',
    'write keys',
    'make key pairs',
    'make keys',
    'list keys',
    'read tags',
    'read made keys',
    'delete made keys',
  ],
};

const ENCRYPTION_CONTEXT = { alg: 'RS256' };

const skip =
  process.env['AWS_ENDPOINT_URL'] !== undefined &&
  'the emulator that AWS_ENDPOINT_URL names cannot be started anew with IAM enforced';

describe('a deployed issuer with IAM enforced', { skip }, () => {
  let emulator: Emulator;
  let deployed: DeployedIssuer;
  let stateFolder: string;
  let keys: ReadonlyMap<string, string>;

  // The roles of the CDK CLI do not work in the emulator when it enforces IAM: it is deployed before.
  before(async () => {
    stateFolder = await mkdtemp(join(tmpdir(), 'signet-emulator-'));
    const state = { PERSIST_STATE: '1', STATE_DIR: stateFolder };
    emulator = await startEmulator(state);
    await bootstrap(emulator);
    deployed = await deployIssuer(emulator, {
      stack: 'Signet',
      api: 'http',
      context: { signers: 'kms,envelope', keyRotation: '90', registration: 'true', clientSecretJwt: 'true' },
    });
    await emulator.stop();
    emulator = await startEmulator({ ...state, AUTH: 'true' });
    deployed.moveTo(emulator);
    Object.assign(process.env, emulator.environment);
    keys = await keysOf(deployed.stack);
  });
  after(async () => {
    await deployed?.stop();
    await emulator?.stop();
    await rm(stateFolder, { recursive: true, force: true });
  });

  const signet = async (...args: readonly string[]) => {
    const run = await runSignet([...args, '--stack', 'Signet', '--json'], emulator.environment);
    assert.equal(run.exitCode, 0, run.stderr);
    return JSON.parse(run.stdout);
  };
  const post = (path: string, credentials: string, form: Readonly<Record<string, string>>) =>
    fetch(deployed.issuer + path, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(credentials)}` },
      body: new URLSearchParams(form),
    });

  it('issues, exchanges, introspects and revokes tokens of both formats, and publishes its keys: no permission is missing', async () => {
    const formats = ['at+jwt', 'reference'].map((format) => ({ format, resource: `${RESOURCE}/${format}` }));
    for (const { format, resource } of formats) {
      const options = ['--introspected-by', 'reporter', '--token-format', format];
      await signet('resources', 'create', resource, ...options);
    }
    const access = formats.flatMap(({ resource }) => ['--resource', resource, '--exchange-to', resource]);
    const exchange = ['--exchange-from', formats.map(({ resource }) => resource).join(' ')];
    const { client_secret } = await signet('clients', 'create', 'reporter', ...access, ...exchange);
    const credentials = `reporter:${client_secret}`;

    for (const { resource } of formats) {
      const issued = await post('/token', credentials, { grant_type: 'client_credentials', resource });
      assert.equal(issued.status, 200);
      const { access_token: token } = (await issued.json()) as { access_token: string };
      const introspect = async () => (await post('/introspect', credentials, { token })).json();
      assert.equal(((await introspect()) as { active: boolean }).active, true);
      const exchanged = await post('/token', credentials, {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        resource,
      });
      assert.equal(exchanged.status, 200);
      assert.equal((await post('/revoke', credentials, { token })).status, 200);
      assert.deepEqual(await introspect(), { active: false });
    }
    await signet('resources', 'update', `${RESOURCE}/reference`, '--publish-metadata');
    const published = await fetch(
      `${deployed.issuer}/resource-metadata?resource=${encodeURIComponent(`${RESOURCE}/reference`)}`,
    );
    assert.equal(published.status, 200);
    const jwks = await fetch(`${deployed.issuer}/.well-known/jwks.json`);
    assert.equal(((await jwks.json()) as { keys: unknown[] }).keys.length, 2);
  });

  it('registers, changes and deletes clients: no permission is missing', async () => {
    await signet('resources', 'create', RESOURCE);
    const { initial_access_token } = await signet('initial-access-tokens', 'create', '--resource', RESOURCE);
    const send = (method: string, url: string, token: string, document?: object) =>
      fetch(url, {
        method,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        ...(document ? { body: JSON.stringify(document) } : {}),
      });
    const registered = await send('POST', `${deployed.issuer}/register`, initial_access_token, {});
    assert.equal(registered.status, 201);
    const {
      client_id,
      registration_client_uri: url,
      registration_access_token: token,
    } = JSON.parse(await registered.text());
    assert.equal((await send('PUT', url, token, { client_id })).status, 200);
    assert.equal((await send('GET', url, token)).status, 200);
    assert.equal((await send('DELETE', url, token)).status, 204);
  });

  for (const [name, may] of Object.entries(MAY)) {
    it(`lets the ${name} function ${may.join(', ') || 'do nothing'}, and nothing else`, async () => {
      const calls = await callsAs(name);
      const allowed = await Promise.all(
        Object.entries(calls).map(async ([call, attempt]) => ((await isAllowed(attempt)) ? [call] : [])),
      );
      assert.deepEqual(allowed.flat().sort(), [...may].sort());
    });
  }

  it('lets an operator remove a key that leaked, and rotate the others: the token function may use what signs then', async () => {
    const listedKeys: readonly { readonly kid: string }[] = await signet('keys', 'list');
    const inKms = await kidInKms(deployed.outputs['SignetKeysTable'] ?? '');
    const pair = listedKeys.find(({ kid }) => kid !== inKms);
    assert.ok(pair && listedKeys.length === 2);
    const { keys: left } = await signet('keys', 'retire', '--now', '--yes', inKms);
    assert.deepEqual(left, [{ ...pair, state: 'active' }]);
    const disabled = new DescribeKeyCommand({ KeyId: keys.get('RSA_2048') });
    assert.equal((await new KMSClient().send(disabled)).KeyMetadata?.KeyState, 'Disabled');
    const { made } = await signet('keys', 'rotate');
    const listed = await signet('keys', 'list');
    assert.deepEqual(
      listed.map(({ kid, state }: { kid: string; state: string }) => [kid, state]),
      [
        [pair.kid, 'active'],
        [made[0], 'pending'],
      ],
    );
    const { client_secret } = await signet('clients', 'create', 'after', '--resource', `${RESOURCE}/at+jwt`);
    assert.equal(
      (await post('/token', `after:${client_secret}`, { grant_type: 'client_credentials' })).status,
      200,
    );
  });

  /** Every call that some function may make, with the credentials of this one's role. */
  async function callsAs(name: string): Promise<Readonly<Record<string, () => Promise<unknown>>>> {
    const roles = await physicalIds('Signet', 'AWS::IAM::Role');
    const role = roles.find((candidate) => candidate.startsWith(`Signet-Issuer${name}Role`));
    const RoleArn = `arn:aws:iam::${ACCOUNT}:role/${role}`;
    const assumed = await new STSClient().send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = assumed.Credentials ?? {};
    const credentials = {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    };
    const dynamodb = new DynamoDBClient({ credentials });
    const kms = new KMSClient({ credentials });
    const tableName = (table: string) => deployed.outputs[`Signet${table}Table`] ?? '';
    const read = (table: string) => () =>
      dynamodb.send(
        new BatchGetItemCommand({ RequestItems: { [tableName(table)]: { Keys: [{ record: { S: 'x' } }] } } }),
      );
    const write = (table: string) => () =>
      dynamodb.send(new PutItemCommand({ TableName: tableName(table), Item: { record: { S: 'x' } } }));
    const sign = new SignCommand({
      KeyId: keys.get('RSA_2048'),
      Message: Buffer.alloc(32),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
    });
    const makeKeyPair = new GenerateDataKeyPairWithoutPlaintextCommand({
      KeyId: keys.get('SYMMETRIC_DEFAULT'),
      KeyPairSpec: 'ECC_NIST_P256',
      EncryptionContext: ENCRYPTION_CONTEXT,
    });
    const keySetTag = [{ TagKey: 'signet:key-set', TagValue: tableName('Keys') }];
    const { PrivateKeyCiphertextBlob } = await new KMSClient().send(makeKeyPair);
    const decrypt = new DecryptCommand({
      CiphertextBlob: PrivateKeyCiphertextBlob,
      EncryptionContext: ENCRYPTION_CONTEXT,
    });
    const derive = new GenerateMacCommand({
      KeyId: keys.get('HMAC_512'),
      Message: Buffer.from('x'),
      MacAlgorithm: 'HMAC_SHA_512',
    });
    const [made, toDelete] = [await createKey(keySetTag), await createKey(keySetTag)];
    const ofAnother = await createKey([{ TagKey: 'signet:key-set', TagValue: 'another' }]);
    const deleteKey = (KeyId: string) => () =>
      kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 30 }));
    return {
      'make keys': () => createKey(keySetTag, kms),
      'make other keys': () => createKey([], kms),
      'list keys': () => kms.send(new ListKeysCommand()),
      'read tags': () => kms.send(new ListResourceTagsCommand({ KeyId: made })),
      'sign with made keys': () => kms.send(new SignCommand({ ...sign.input, KeyId: made })),
      'sign with keys of another': () => kms.send(new SignCommand({ ...sign.input, KeyId: ofAnother })),
      'read made keys': () => kms.send(new GetPublicKeyCommand({ KeyId: made })),
      'delete made keys': deleteKey(toDelete),
      'delete keys of another': deleteKey(ofAnother),
      'delete keys of the stack': deleteKey(keys.get('RSA_2048') ?? ''),
      'read clients': read('Clients'),
      'write clients': write('Clients'),
      'delete clients': () =>
        dynamodb.send(
          new DeleteItemCommand({ TableName: tableName('Clients'), Key: { record: { S: 'x' } } }),
        ),
      'read keys': read('Keys'),
      'write keys': write('Keys'),
      'read tokens': read('Tokens'),
      'write tokens': write('Tokens'),
      'derive secrets': () => kms.send(derive),
      sign: () => kms.send(sign),
      'read public key': () => kms.send(new GetPublicKeyCommand({ KeyId: keys.get('RSA_2048') })),
      'make key pairs': () => kms.send(makeKeyPair),
      'decrypt key pairs': () => kms.send(decrypt),
    };
  }
});

/** Makes a key that could sign tokens. */
async function createKey(Tags: Tag[], kms = new KMSClient()): Promise<string> {
  const command = new CreateKeyCommand({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY', Tags });
  return (await kms.send(command)).KeyMetadata?.Arn ?? '';
}

/** The ARNs of the keys of a stack, by their specs. */
async function keysOf(stack: string): Promise<ReadonlyMap<string, string>> {
  const ids = await physicalIds(stack, 'AWS::KMS::Key');
  const kms = new KMSClient();
  const described = await Promise.all(ids.map((KeyId) => kms.send(new DescribeKeyCommand({ KeyId }))));
  return new Map(described.map(({ KeyMetadata }) => [KeyMetadata?.KeySpec ?? '', KeyMetadata?.Arn ?? '']));
}

/** The kid of the key that signs in KMS, as the key set has it. */
async function kidInKms(table: string): Promise<string> {
  const command = new BatchGetItemCommand({
    RequestItems: { [table]: { Keys: [{ record: { S: 'key-set' } }] } },
  });
  const { Responses = {} } = await new DynamoDBClient().send(command);
  const { keys } = v.parse(v.object(KeySetSchema.entries), unmarshall(Responses[table]?.[0] ?? {}));
  return keys.find((key) => key.private_key_reference.startsWith('arn:'))?.kid ?? assert.fail();
}

async function isAllowed(attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'AccessDeniedException') return false;
    throw error;
  }
}
