import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { type SignetOnStore, signetOnNewStore } from '../support/signet-in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const API = 'https://api.example.com';
const OTHER = 'https://other.example.com';

describe('signet clients, of token exchange', () => {
  const pathOf = temporaryFolder();
  let signet: SignetOnStore;
  beforeEach(async () => {
    signet = signetOnNewStore(pathOf(randomUUID()));
    for (const resource of [API, OTHER])
      await signet.json('resources', 'create', resource, '--scopes', 'read write');
  });

  const create = (...args: readonly string[]) => signet.json('clients', 'create', 'api', ...args);
  const update = (...args: readonly string[]) => signet.json('clients', 'update', 'api', ...args);
  const exchange = ['--exchange-from', `${API} ${OTHER}`, '--exchange-to', `${OTHER} read`];
  /** What is said of exchange in what is shown of a client. */
  const shown = async () => {
    const client: Readonly<Record<string, unknown>> = Object(await signet.json('clients', 'show', 'api'));
    return Object.fromEntries(
      Object.entries(client).filter(([name]) => /^(grant_types|may_act|token_exchange_.*)$/.test(name)),
    );
  };
  const whole = {
    grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange'],
    token_exchange_subject_resources: [API, OTHER],
    token_exchange_resources: [{ resource: OTHER, scope: ['read'] }],
  };

  it('creates a client that exchanges tokens, and one that may impersonate', async () => {
    await create(...exchange, '--exchange-to', API);
    const token_exchange_resources = [...whole.token_exchange_resources, { resource: API, scope: [] }];
    assert.deepEqual(await shown(), { ...whole, token_exchange_resources });
    await update('--impersonate');
    assert.equal((await shown())['token_exchange_impersonation'], true);
    await update('--no-impersonate');
    assert.deepEqual(await shown(), { ...whole, token_exchange_resources });
  });

  it('says of whom a client may exchange tokens that other issuers made, and who that is here', async () => {
    const issuer = 'https://oidc.example.com';
    const foreign = ['--exchange-foreign', `${issuer} repo:a/b accounts/b`];
    await create(
      ...foreign,
      '--exchange-foreign',
      `${issuer} repo:c accounts/c signet`,
      '--exchange-to',
      `${OTHER} read`,
    );
    const { token_exchange_subject_resources, ...rest } = whole;
    assert.deepEqual(await shown(), {
      ...rest,
      token_exchange_foreign_subjects: [
        { issuer, subject: 'repo:a/b', local_subject: 'accounts/b' },
        { issuer, subject: 'repo:c', local_subject: 'accounts/c', audience: 'signet' },
      ],
    });
    const entry = { issuer, subject: 'a b', local_subject: 'accounts/ab' };
    await update('--exchange-foreign', JSON.stringify(entry));
    assert.deepEqual((await shown())['token_exchange_foreign_subjects'], [entry]);
    await update(...exchange, '--exchange-foreign', 'none');
    assert.deepEqual(await shown(), whole);
    await assert.rejects(
      update('--exchange-foreign', `${issuer} repo:a`),
      /Write the issuer, the subject, who that is here/,
    );
  });

  it('says who alone may act for a client, and takes it back', async () => {
    await create('--may-act', 'api gateway');
    assert.deepEqual(await shown(), { grant_types: [], may_act: { sub: 'api gateway' } });
    await update('--may-act', 'none');
    assert.deepEqual(await shown(), { grant_types: [] });
  });

  it('ends the exchange of a client', async () => {
    await create(...exchange);
    await update('--exchange-from', 'none', '--exchange-to', 'none');
    assert.deepEqual(await shown(), { grant_types: [] });
  });

  it('shows people what it exchanges', async () => {
    await create(...exchange, '--may-act', 'gateway');
    const { stdout } = await signet.run('clients', 'show', 'api');
    const lines = stdout.split('\n').filter((line) => /^(may_act|token_exchange)/.test(line));
    assert.deepEqual(lines.map((line) => line.split(/ {2,}/)).sort(), [
      ['may_act', 'gateway'],
      ['token_exchange_resources', OTHER, 'read'],
      ['token_exchange_subject_resources', `${API} ${OTHER}`],
    ]);
  });

  for (const [what, args, sentence] of [
    ['only one half', ['--exchange-from', API], 'a client has both or neither'],
    ['no resource to exchange the tokens of', ['--exchange-from', ''], 'it names at least one resource'],
    ['nobody to act', ['--may-act', ''], 'It is empty'],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(create(...args), new RegExp(sentence));
    });
  }
});
