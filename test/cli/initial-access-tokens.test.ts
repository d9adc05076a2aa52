import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import * as v from 'valibot';
import { type SignetOnStore, signetOnNewStore } from '../support/signet-in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NOW = 1_800_000_000;
const DAY = 86_400;
const RESOURCE = 'https://api.example.com';
const CREATE = ['initial-access-tokens', 'create', '--resource', `${RESOURCE} read`];

const Created = v.looseObject({
  initial_access_token_id: v.string(),
  initial_access_token: v.pipe(v.string(), v.regex(/^signet_initial_access_[0-9A-Za-z]{49}$/)),
});

describe('signet initial-access-tokens', () => {
  const pathOf = temporaryFolder();
  let signet: SignetOnStore;
  beforeEach(async () => {
    mock.timers.enable({ apis: ['Date'], now: NOW * 1000 });
    signet = signetOnNewStore(pathOf(randomUUID()));
    await signet.json('resources', 'create', RESOURCE, '--scopes', 'read write');
  });
  afterEach(() => mock.timers.reset());

  it('creates a token for one client and one day, with client_secret_basic, unless told otherwise', async () => {
    const created = v.parse(Created, await signet.json(...CREATE));
    const { initial_access_token, ...token } = created;
    assert.deepEqual(token, {
      initial_access_token_id: token.initial_access_token_id,
      uses_left: 1,
      created_at: NOW,
      expires_at: NOW + DAY,
      policy: {
        resources: [{ resource: RESOURCE, scope: ['read'] }],
        token_endpoint_auth_methods: ['client_secret_basic'],
      },
    });
    assert.deepEqual(await signet.json('initial-access-tokens', 'list'), [token]);
  });

  it('creates a token whose clients bring a software statement of issuers that are trusted (RFC 7591 §2.3)', async () => {
    const options = [
      '--software-statements',
      'https://a.example https://b.example/',
      '--require-software-statement',
    ];
    const { policy } = v.parse(
      v.looseObject({ policy: v.unknown() }),
      await signet.json(...CREATE, ...options),
    );
    assert.deepEqual(policy, {
      resources: [{ resource: RESOURCE, scope: ['read'] }],
      token_endpoint_auth_methods: ['client_secret_basic'],
      software_statement_issuers: ['https://a.example', 'https://b.example/'],
      software_statement_required: true,
    });
    await assert.rejects(
      signet.json(...CREATE, '--software-statements', 'http://a.example'),
      /invalid_client_metadata/,
    );
  });

  it('creates a token as it is told', async () => {
    const options = [
      ...['--name', 'Partners', '--uses', '50', '--expires-in', '30d', '--lifetime', '15m'],
      ...['--auth-methods', 'private_key_jwt client_secret_post', '--resource', RESOURCE.replace('api', 'b')],
    ];
    await signet.json('resources', 'create', 'https://b.example.com');
    const { initial_access_token, initial_access_token_id, ...token } = v.parse(
      Created,
      await signet.json(...CREATE, ...options),
    );
    assert.deepEqual(token, {
      name: 'Partners',
      uses_left: 50,
      created_at: NOW,
      expires_at: NOW + 30 * DAY,
      policy: {
        resources: [
          { resource: RESOURCE, scope: ['read'] },
          { resource: 'https://b.example.com', scope: [] },
        ],
        token_endpoint_auth_methods: ['private_key_jwt', 'client_secret_post'],
        access_token_lifetime: 900,
      },
    });
  });

  it('shows the token once, to people', async () => {
    const { stdout } = await signet.run(...CREATE);
    const [token = 'none'] = /signet_initial_access_\w+/.exec(stdout) ?? [];
    assert.match(stdout, /\n\nThe token is not shown again: keep it now\.\n$/);
    const list = await signet.run('initial-access-tokens', 'list');
    assert.match(list.stdout, /^initial_access_token_id +name +uses_left +expires_at\n/);
    assert.ok(!list.stdout.includes(token));
  });

  it('revokes a token', async () => {
    const { initial_access_token_id: id } = v.parse(Created, await signet.json(...CREATE));
    const { stdout } = await signet.run('initial-access-tokens', 'revoke', id);
    assert.equal(stdout, `Revoked ${id}.\n`);
    const { exitCode, stderr } = await signet.run('initial-access-tokens', 'revoke', id);
    const sentence = `there is no initial-access-token ${id}: signet initial-access-tokens list shows those there are`;
    assert.deepEqual([exitCode, stderr], [2, `signet: ${sentence}\n`]);
    const list = await signet.run('initial-access-tokens', 'list');
    const none = 'There are no initial access tokens: signet initial-access-tokens create makes one.';
    assert.equal(list.stdout, `${none}\n`);
  });

  it('refuses a policy that cannot be', async () => {
    const { exitCode, stderr } = await signet.run(...CREATE, '--auth-methods', 'none');
    assert.equal(exitCode, 2);
    assert.match(stderr, /^signet: policy\.token_endpoint_auth_methods\.0: /);
  });
});
