import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { openDatabase } from '../../../adapters/embedded/database.ts';
import { openEmbeddedStore, openExistingStore } from '../../../adapters/embedded/store.ts';
import { decodeJwt, isSignedBy, signJwt } from '../../../core/jose/jwt.ts';
import { currentSigningKey } from '../../../core/jose/signing-key.ts';
import { rotateSigningKey } from '../../../core/management/key-rotation.ts';
import { removeSigningKey } from '../../../core/management/remove-signing-key.ts';
import { clientId, makeClient, resourceIdentifier } from '../../support/records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const FILE = 'signet.sqlite';

const CLAIMS = {
  iss: 'https://auth.example.com',
  aud: resourceIdentifier('https://api.example.com'),
  sub: 'backend',
  client_id: clientId('backend'),
};

describe('the store of an embedded issuer', () => {
  const pathOf = temporaryFolder();

  it('keeps its folder and files from everyone but their owner', () => {
    const store = openEmbeddedStore(pathOf('private'));
    const files = readdirSync(pathOf('private'));
    assert.ok(files.includes(FILE));
    for (const file of files) assert.equal(statSync(pathOf('private', file)).mode & 0o777, 0o600, file);
    assert.equal(statSync(pathOf('private')).mode & 0o777, 0o700);
    store.close();
  });

  it('has what it was given when it is opened again', async () => {
    const before = openEmbeddedStore(pathOf('again'));
    const client = makeClient('backend');
    await before.clients.create(client);
    await before.createMissingKeys(['ES256']);
    const keySet = await before.signingKeys.load();
    before.close();
    const after = openExistingStore(pathOf('again'));
    assert.deepEqual(await after.clients.find(client.client_id), client);
    assert.deepEqual(await after.signingKeys.load(), keySet);
    after.close();
  });

  it('refuses to open a store where there is none, and makes none', () => {
    assert.throws(() => openExistingStore(pathOf('misspelt')), {
      code: 'not_found',
      description: `there is no store in ${pathOf('misspelt')}: npm start makes one, and --data names another folder`,
    });
    assert.equal(readdirSync(pathOf()).includes('misspelt'), false);
  });

  it('refuses a store that a newer Signet made, and leaves it byte for byte as it was', () => {
    openEmbeddedStore(pathOf('newer')).close();
    const database = new DatabaseSync(pathOf('newer', FILE));
    database.exec('PRAGMA user_version = 1000');
    database.close();
    const bytes = readFileSync(pathOf('newer', FILE));
    for (const open of [openEmbeddedStore, openExistingStore]) {
      assert.throws(() => open(pathOf('newer')), {
        message: `the store in ${pathOf('newer')} was made by a newer Signet: use that one, or another folder`,
      });
    }
    assert.deepEqual(readFileSync(pathOf('newer', FILE)), bytes);
  });

  it('forgets reference tokens that have expired when the next one is added', async () => {
    let now = 1_800_000_000;
    const store = openEmbeddedStore(pathOf('expired'), () => now);
    const claims = { ...CLAIMS, iat: now, exp: now + 60 };
    await store.tokens.add({ ...claims, jti: 'one' });
    now += 60;
    await store.tokens.add({ ...claims, jti: 'two', exp: now + 60 });
    assert.equal(await store.tokens.find('one'), undefined);
    assert.equal((await store.tokens.find('two'))?.jti, 'two');
    store.close();
  });

  it('makes a key for each algorithm that has none, and no second one', async () => {
    const store = openEmbeddedStore(pathOf('keys'));
    await store.createMissingKeys(['ES256']);
    await store.createMissingKeys(['ES256', 'ES384']);
    const { keys } = await store.signingKeys.load();
    assert.deepEqual(
      keys.map((key) => key.alg),
      ['ES256', 'ES384'],
    );
    store.close();
  });

  it('has a private key for as long as the key set has its key, and none that was made in vain', async () => {
    const store = openEmbeddedStore(pathOf('private-keys'));
    const kept = () => {
      const database = new DatabaseSync(pathOf('private-keys', FILE));
      const rows = database.prepare('SELECT reference FROM private_key ORDER BY reference').all();
      database.close();
      return rows.map((row) => row['reference']);
    };
    await store.keyMaker.make('ES256');
    assert.deepEqual(kept(), []);
    await store.createMissingKeys(['ES256']);
    const [first] = (await store.signingKeys.load()).keys;
    assert.deepEqual(kept(), [first?.private_key_reference]);
    const rotations = [1, 2].map(() => rotateSigningKey('ES256', 0, store));
    const [second] = (await Promise.all(rotations)).filter((each) => each !== undefined);
    assert.deepEqual(kept(), [first?.kid, second?.kid].sort());
    assert.ok(first);
    await removeSigningKey(first.kid, store);
    assert.deepEqual(kept(), [second?.kid]);
    store.close();
  });

  it('writes nothing of a change that fails half way', () => {
    const database = openDatabase(pathOf('half'));
    const change = () => {
      database.exec("INSERT INTO revoked_token (jti, expires_at) VALUES ('jti', 1)");
      throw new Error('the power is gone');
    };
    assert.throws(() => database.transact(change), { message: 'the power is gone' });
    assert.deepEqual(database.prepare('SELECT jti FROM revoked_token').all(), []);
    database.close();
  });

  it('keeps no private key in the key set', async () => {
    const store = openEmbeddedStore(pathOf('public'));
    await store.createMissingKeys(['RS256', 'ES256']);
    const { keys } = await store.signingKeys.load();
    assert.deepEqual(
      keys.map((key) => Object.keys(key.public_jwk).sort()),
      [
        ['e', 'kty', 'n'],
        ['crv', 'kty', 'x', 'y'],
      ],
    );
    store.close();
  });
});

describe('two processes on one embedded store', () => {
  const pathOf = temporaryFolder();

  it('each see at once what the other wrote', async () => {
    const [one, other] = [openEmbeddedStore(pathOf()), openEmbeddedStore(pathOf())];
    const client = makeClient('backend');
    const changed = makeClient('backend', { version: 2, enabled: false });
    assert.equal(await one.clients.create(client), true);
    assert.equal(await other.clients.create(client), false);
    assert.equal(await other.clients.replace(changed), true);
    assert.equal(await one.clients.replace(changed), false);
    assert.deepEqual(await one.clients.find(client.client_id), changed);
    await other.tokens.revoke('jti', one.clock() + 60);
    assert.equal(await one.tokens.isRevoked('jti'), true);
    one.close();
    other.close();
  });

  it('sign with the same keys, also with one that came later', async () => {
    const [one, other] = [openEmbeddedStore(pathOf()), openEmbeddedStore(pathOf())];
    for (const alg of ['ES256', 'ES384'] as const) {
      await one.createMissingKeys([alg]);
      const keySet = await other.signingKeys.load();
      assert.deepEqual(keySet, await one.signingKeys.load());
      const key = currentSigningKey(keySet, alg, other.clock());
      assert.ok(key);
      const jwt = decodeJwt(await signJwt('at+jwt', {}, key, other.signer));
      assert.ok(jwt && isSignedBy(jwt, key));
    }
    one.close();
    other.close();
  });
});
