import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import * as v from 'valibot';
import { openEmbeddedStore } from '../../adapters/embedded/store.ts';
import { hashClientSecret } from '../../core/client-secret.ts';
import { createClient } from '../../core/management/clients.ts';
import type { Run } from '../support/signet.ts';
import { type SignetOnStore, signetOnNewStore } from '../support/signet-in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NOW = 1_800_000_000;
const API = 'https://api.example.com';
const OTHER = 'https://other.example.com';

/** A client as it was made; its secret is another each time. */
const Created = v.looseObject({
  client_id: v.string(),
  client_secret: v.pipe(v.string(), v.regex(/^signet_secret_[0-9A-Za-z]{49}$/)),
  client_secrets: v.tuple([v.looseObject({ secret_id: v.string() })]),
});

describe('signet clients', () => {
  const pathOf = temporaryFolder();
  let signet: SignetOnStore;
  beforeEach(async () => {
    mock.timers.enable({ apis: ['Date'], now: NOW * 1000 });
    signet = signetOnNewStore(pathOf(randomUUID()));
    for (const resource of [API, OTHER])
      await signet.json('resources', 'create', resource, '--scopes', 'read write');
  });
  afterEach(() => mock.timers.reset());

  /** What is shown of a client of which nothing is said. */
  const shown = (client_id: string, secret_id: string) => ({
    client_id,
    client_id_issued_at: NOW,
    grant_types: [],
    resources: [],
    client_secrets: [{ secret_id, created_at: NOW, active: true }],
    enabled: true,
  });

  const create = async (...args: readonly string[]) =>
    v.parse(Created, await signet.json('clients', 'create', ...args));

  it('creates a client with an identifier and a secret of its making', async () => {
    const { client_secret, ...created } = await create();
    const { client_id, client_secrets } = created;
    assert.match(client_id, /^[0-9A-Za-z]{22}$/);
    const expected = shown(client_id, client_secrets[0].secret_id);
    // RFC 7591 §3.2.1: 0 is for ever.
    assert.deepEqual(created, { ...expected, client_secret_expires_at: 0 });
    assert.deepEqual(await signet.json('clients', 'show', client_id), expected);
  });

  it('creates a client with all that can be said of one', async () => {
    const access = ['--resource', `${API} read write`, '--resource', OTHER, '--default-resource', OTHER];
    const method = ['--auth-method', 'client_secret_post', '--lifetime', '90s', '--secret-expires-in', '30d'];
    const held = ['--roles', `${API} clerk auditor`, '--roles', OTHER, '--groups', `${OTHER} eu`];
    const type = 'payment {"type":"object","properties":{},"additionalProperties":false}';
    await signet.json('resources', 'update', OTHER, '--authorization-details-type', type);
    held.push('--authorization-details-types', `${OTHER} payment`);
    const said = ['--subject', 'accounts/shop', '--claims', '{"tenant":"acme"}', ...held];
    const { client_secret, ...created } = await create(
      'shop',
      '--name',
      'Shop',
      ...access,
      ...method,
      ...said,
    );
    const [{ secret_id }] = created.client_secrets;
    const expires_at = NOW + 30 * 86_400;
    const expected = {
      ...shown('shop', secret_id),
      client_name: 'Shop',
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['client_credentials'],
      resources: [
        { resource: API, scope: ['read', 'write'] },
        { resource: OTHER, scope: [] },
      ],
      default_resource: OTHER,
      access_token_lifetime: 90,
      subject: 'accounts/shop',
      claims: { tenant: 'acme' },
      roles: [
        { resource: API, values: ['clerk', 'auditor'] },
        { resource: OTHER, values: [] },
      ],
      groups: [{ resource: OTHER, values: ['eu'] }],
      authorization_details_types: [{ resource: OTHER, values: ['payment'] }],
      client_secrets: [{ secret_id, created_at: NOW, expires_at, active: true }],
    };
    assert.deepEqual(created, { ...expected, client_secret_expires_at: expires_at });
    assert.deepEqual(await signet.json('clients', 'show', 'shop'), expected);
  });

  it('has the tokens of a client bound by DPoP, until it is told otherwise (RFC 9449 §5.2)', async () => {
    const { client_secret, ...created } = await create('shop', '--dpop-bound');
    const bound = { ...shown('shop', created.client_secrets[0].secret_id), dpop_bound_access_tokens: true };
    assert.deepEqual(created, { ...bound, client_secret_expires_at: 0 });
    const renamed = { ...bound, client_name: 'Shop' };
    assert.deepEqual(await signet.json('clients', 'update', 'shop', '--name', 'Shop'), renamed);
    const { dpop_bound_access_tokens, ...free } = renamed;
    assert.deepEqual(await signet.json('clients', 'update', 'shop', '--no-dpop-bound'), free);
  });

  it('creates a public client, which has no secret', async () => {
    const created = await signet.json('clients', 'create', 'app', '--auth-method', 'none');
    const expected = { ...shown('app', ''), token_endpoint_auth_method: 'none', client_secrets: [] };
    assert.deepEqual(created, expected);
    const { stdout } = await signet.run('clients', 'create', 'app2', '--auth-method', 'none');
    assert.ok(!stdout.includes('secret is not shown'));
  });

  it('shows people the secret once, and says so', async () => {
    const created = await signet.run('clients', 'create', 'shop', '--resource', `${API} read write`);
    const described = `client_id            shop
client_id_issued_at  2027-01-15T08:00:00.000Z
grant_types          client_credentials
resources            https://api.example.com  read write
enabled              true
client_secrets       SECRET_ID  created_at=2027-01-15T08:00:00.000Z  active=true
`;
    const once = 'client_secret        SECRET\n\nThe secret is not shown again: keep it now.\n';
    assert.deepEqual(masked(created), { exitCode: 0, stdout: described + once, stderr: '' });
    const later = await signet.run('clients', 'show', 'shop');
    assert.deepEqual(masked(later), { exitCode: 0, stdout: described, stderr: '' });
  });

  it('lists clients by identifier, to people as a table', async () => {
    const shop = await create('shop', '--name', 'Shop', '--resource', `${API} read`, '--resource', OTHER);
    const billing = await create('billing');
    assert.deepEqual(await signet.run('clients', 'list'), {
      exitCode: 0,
      stdout: `client_id  client_name  resources                      enabled
billing                                                true
shop       Shop         https://api.example.com  read  true
                        https://other.example.com
`,
      stderr: '',
    });
    assert.deepEqual(await signet.json('clients', 'list'), [
      shown('billing', billing.client_secrets[0].secret_id),
      {
        ...shown('shop', shop.client_secrets[0].secret_id),
        client_name: 'Shop',
        grant_types: ['client_credentials'],
        resources: [
          { resource: API, scope: ['read'] },
          { resource: OTHER, scope: [] },
        ],
      },
    ]);
  });

  it('lists more clients than a page of the store has', async () => {
    const store = openEmbeddedStore(signet.folder);
    const ids = Array.from({ length: 250 }, (_, index) => `client-${String(index).padStart(3, '0')}`);
    for (const id of ids) await createClient(id, {}, {}, store);
    store.close();
    const listed = v.parse(
      v.array(v.object({ client_id: v.string() })),
      await signet.json('clients', 'list'),
    );
    assert.deepEqual(
      listed.map((client) => client.client_id),
      ids,
    );
    const { stdout } = await signet.run('clients', 'list');
    assert.equal(stdout.trimEnd().split('\n').length, 1 + ids.length);
  });

  it('says of an empty listing how to begin, and to scripts an empty array', async () => {
    const stdout = 'There are no clients yet: signet clients create makes one.\n';
    assert.deepEqual(await signet.run('clients', 'list'), { exitCode: 0, stdout, stderr: '' });
    assert.deepEqual(await signet.json('clients', 'list'), []);
  });

  it('updates what is given and leaves the rest', async () => {
    const { client_secrets } = await create('shop', '--name', 'Shop', '--resource', `${API} read`);
    const before = {
      ...shown('shop', client_secrets[0].secret_id),
      client_name: 'Shop',
      grant_types: ['client_credentials'],
      resources: [{ resource: API, scope: ['read'] }],
    };
    const shorter = { ...before, access_token_lifetime: 600 };
    assert.deepEqual(await signet.json('clients', 'update', 'shop', '--lifetime', '10m'), shorter);
    const elsewhere = { ...shorter, resources: [{ resource: OTHER, scope: ['write'] }] };
    assert.deepEqual(
      await signet.json('clients', 'update', 'shop', '--resource', `${OTHER} write`),
      elsewhere,
    );
    assert.deepEqual(await signet.json('clients', 'show', 'shop'), elsewhere);
  });

  it('takes away what is updated to none', async () => {
    const access = ['--resource', API, '--default-resource', API, '--auth-method', 'client_secret_basic'];
    const said = ['--subject', 'accounts/shop', '--claims', '{}', '--roles', `${API} a`, '--groups', API];
    said.push('--authorization-details-types', API);
    const { client_secrets } = await create('shop', '--name', 'Shop', '--lifetime', '1h', ...access, ...said);
    const unsaid = ['--subject', 'none', '--claims', 'none', '--roles', 'none', '--groups', 'none'];
    unsaid.push('--authorization-details-types', 'none');
    const none = ['--name', 'none', '--lifetime', 'none', '--resource', 'none', '--default-resource', 'none'];
    const emptied = await signet.json(
      'clients',
      'update',
      'shop',
      ...none,
      ...unsaid,
      '--auth-method',
      'any',
    );
    assert.deepEqual(emptied, shown('shop', client_secrets[0].secret_id));
  });

  it('reads claims from a file, and shows them to people as JSON', async () => {
    const file = pathOf('claims.json');
    await writeFile(file, '{\n  "tenant": "acme",\n  "limits": [1, 2]\n}\n');
    await create('shop', '--claims', `@${file}`);
    const { stdout } = await signet.run('clients', 'show', 'shop');
    assert.match(stdout, /^claims +\{"tenant":"acme","limits":\[1,2\]\}$/m);
  });

  it('registers what introspection responses for a client are signed with, and takes it away (RFC 9701 §6)', async () => {
    const { client_secrets } = await create('shop', '--introspection-signed-response-alg', 'ES256');
    const plain = shown('shop', client_secrets[0].secret_id);
    assert.deepEqual(await signet.json('clients', 'show', 'shop'), {
      ...plain,
      introspection_signed_response_alg: 'ES256',
    });
    const none = ['--introspection-signed-response-alg', 'none'];
    assert.deepEqual(await signet.json('clients', 'update', 'shop', ...none), plain);
  });

  it('disables and enables a client', async () => {
    const { client_secrets } = await create('shop');
    const enabled = shown('shop', client_secrets[0].secret_id);
    assert.deepEqual(await signet.json('clients', 'disable', 'shop'), { ...enabled, enabled: false });
    assert.deepEqual(await signet.json('clients', 'show', 'shop'), { ...enabled, enabled: false });
    assert.deepEqual(await signet.json('clients', 'enable', 'shop'), enabled);
  });

  it('revokes the tokens that a client has by now, and tells people when that was', async () => {
    const { client_secrets } = await create('shop');
    const revoked = { ...shown('shop', client_secrets[0].secret_id), tokens_revoked_at: NOW };
    assert.deepEqual(await signet.json('clients', 'revoke-tokens', 'shop'), revoked);
    assert.deepEqual(await signet.json('clients', 'show', 'shop'), revoked);
    const { stdout } = await signet.run('clients', 'revoke-tokens', 'shop');
    assert.match(stdout, /^tokens_revoked_at +2027-01-15T08:00:00.000Z$/m);
  });

  it('deletes a client without asking, so that scripts can', async () => {
    for (const id of ['shop', 'billing']) await create(id);
    assert.deepEqual(await signet.json('clients', 'delete', 'shop'), { client_id: 'shop', deleted: true });
    assert.deepEqual(await signet.run('clients', 'delete', 'billing'), {
      exitCode: 0,
      stdout: 'Deleted billing.\n',
      stderr: '',
    });
    assert.deepEqual(await signet.json('clients', 'list'), []);
  });

  it('writes the secret and its hash nowhere after it was made', async () => {
    const { client_secret } = await create('shop', '--resource', API);
    const hash = hashClientSecret(client_secret);
    const commands = [['show'], ['list'], ['update', '--name', 'Shop'], ['disable'], ['secrets', 'list']];
    for (const [command = '', ...args] of commands) {
      for (const json of [[], ['--json']]) {
        const client = command === 'list' ? [] : ['shop'];
        const { exitCode, stdout, stderr } = await signet.run(
          'clients',
          command,
          ...args,
          ...client,
          ...json,
        );
        assert.deepEqual([exitCode, stderr], [0, ''], command);
        for (const secret of [client_secret, hash]) assert.ok(!stdout.includes(secret), command);
      }
    }
  });
});

/** The same with what is another each time replaced. */
function masked(run: Run): Run {
  const stdout = run.stdout
    .replace(/signet_secret_[0-9A-Za-z]{49}/, 'SECRET')
    .replace(/^(client_secrets +)[0-9A-Za-z]{9}/m, '$1SECRET_ID');
  return { ...run, stdout };
}
