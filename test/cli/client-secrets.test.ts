import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import * as v from 'valibot';
import { type SignetOnStore, signetOnNewStore } from '../support/signet-in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NOW = 1_800_000_000;
const DAY = 86_400;

/** A secret as it was added; it is another each time. */
const Added = v.looseObject({
  secret_id: v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{9}$/)),
  client_secret: v.pipe(v.string(), v.regex(/^signet_secret_[0-9A-Za-z]{49}$/)),
});
const Secrets = v.array(v.looseObject({ secret_id: v.string() }));

describe('signet clients secrets', () => {
  const pathOf = temporaryFolder();
  let signet: SignetOnStore;
  /** The identifier of the secret that the client was made with. */
  let first: string;
  beforeEach(async () => {
    mock.timers.enable({ apis: ['Date'], now: NOW * 1000 });
    signet = signetOnNewStore(pathOf(randomUUID()));
    await signet.json('clients', 'create', 'shop');
    first = (await list())[0]?.secret_id ?? '';
  });
  afterEach(() => mock.timers.reset());

  const add = async (...args: readonly string[]) =>
    v.parse(Added, await signet.json('clients', 'secrets', 'add', 'shop', ...args));
  const list = async () => v.parse(Secrets, await signet.json('clients', 'secrets', 'list', 'shop'));

  it('adds a second secret beside the first, so that callers can change over without a gap', async () => {
    const { client_secret, secret_id, ...rest } = await add();
    assert.deepEqual(rest, { client_id: 'shop', client_secret_expires_at: 0 });
    const times = { created_at: NOW, active: true };
    assert.deepEqual(await list(), [
      { secret_id: first, ...times },
      { secret_id, ...times },
    ]);
  });

  it('adds a secret that expires, and shows when', async () => {
    const { client_secret, secret_id, ...rest } = await add('--secret-expires-in', '2d');
    const expires_at = NOW + 2 * DAY;
    assert.deepEqual(rest, { client_id: 'shop', client_secret_expires_at: expires_at });
    mock.timers.setTime(expires_at * 1000);
    assert.deepEqual((await list())[1], { secret_id, created_at: NOW, expires_at, active: false });
  });

  it('refuses a third active secret and names the two; one that expired makes room', async () => {
    const second = await add('--secret-expires-in', '1d');
    const refused = await signet.run('clients', 'secrets', 'add', 'shop');
    assert.deepEqual(refused, {
      exitCode: 2,
      stdout: '',
      stderr: `signet: the client has 2 active secrets (${first}, ${second.secret_id}): revoke one first\n`,
    });
    mock.timers.setTime((NOW + DAY) * 1000);
    const third = await add();
    assert.deepEqual(
      (await list()).map((secret) => secret.secret_id),
      [first, third.secret_id],
    );
  });

  it('revokes one secret and lists what is left', async () => {
    const { secret_id } = await add();
    const left = [{ secret_id, created_at: NOW, active: true }];
    assert.deepEqual(await signet.json('clients', 'secrets', 'revoke', 'shop', first), left);
    assert.deepEqual(await list(), left);
  });

  it('shows secrets to people as a table of identifiers and times', async () => {
    const { secret_id } = await add('--secret-expires-in', '1d');
    const table = `secret_id  created_at                expires_at                active
${first}  2027-01-15T08:00:00.000Z                            true
${secret_id}  2027-01-15T08:00:00.000Z  2027-01-16T08:00:00.000Z  true
`;
    const listed = await signet.run('clients', 'secrets', 'list', 'shop');
    assert.deepEqual(listed, { exitCode: 0, stdout: table, stderr: '' });
  });

  it('shows people an added secret once, and says so', async () => {
    const { exitCode, stdout, stderr } = await signet.run('clients', 'secrets', 'add', 'shop');
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.match(
      stdout,
      /^client_id {6}shop\nsecret_id {6}[0-9A-Za-z]{9}\nclient_secret {2}signet_secret_[0-9A-Za-z]{49}\n\nThe secret is not shown again: keep it now\.\n$/,
    );
  });

  it('revokes the last secret too, and says how to make one', async () => {
    const revoked = await signet.run('clients', 'secrets', 'revoke', 'shop', first);
    const stdout = 'The client has no secrets: signet clients secrets add makes one.\n';
    assert.deepEqual(revoked, { exitCode: 0, stdout, stderr: '' });
    assert.deepEqual(await signet.json('clients', 'secrets', 'list', 'shop'), []);
  });

  it('adds and shows a secret for client_secret_jwt once, as any other, and keeps its hash alone', async () => {
    const created = await signet.json('clients', 'create', 'till', '--auth-method', 'client_secret_jwt');
    const added = await signet.json('clients', 'secrets', 'add', 'till');
    for (const { client_secret } of [Object(created), Object(added)]) {
      assert.match(client_secret, /^signet_secret_[0-9A-Za-z]{92}$/);
      const shown = JSON.stringify(await signet.json('clients', 'show', 'till'));
      assert.ok(!shown.includes(client_secret) && !shown.includes('sha256'));
    }
  });

  it('refuses a secret for a public client', async () => {
    await signet.json('clients', 'create', 'app', '--auth-method', 'none');
    assert.deepEqual(await signet.run('clients', 'secrets', 'add', 'app'), {
      exitCode: 2,
      stdout: '',
      stderr: 'signet: the client does not authenticate by secret: give it an auth method that does first\n',
    });
  });
});
