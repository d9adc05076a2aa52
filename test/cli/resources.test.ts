import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { openEmbeddedStore } from '../../adapters/embedded/store.ts';
import { type SignetOnStore, signetOnNewStore } from '../support/signet-in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NOW = 1_800_000_000;
const API = 'https://api.example.com';
const NEW = {
  resource: API,
  scopes_supported: [],
  introspection_client_ids: [],
  enabled: true,
  created_at: NOW,
};

/** A schema of authorization details. */
const PAYMENT = {
  type: 'object',
  properties: { amount: { type: 'number' } },
  additionalProperties: false,
};

describe('signet resources', () => {
  const pathOf = temporaryFolder();
  let signet: SignetOnStore;
  beforeEach(async () => {
    mock.timers.enable({ apis: ['Date'], now: NOW * 1000 });
    signet = signetOnNewStore(pathOf(randomUUID()));
  });
  afterEach(() => mock.timers.reset());

  it('creates a resource of which nothing but its identifier is said', async () => {
    assert.deepEqual(await signet.json('resources', 'create', API), NEW);
  });

  it('creates a resource with all that can be said of one', async () => {
    const store = openEmbeddedStore(signet.folder);
    await store.createMissingKeys(['ES256']);
    store.close();
    const file = pathOf('refund.json');
    await writeFile(file, JSON.stringify(PAYMENT));
    const options = ['--name', 'The API', '--scopes', 'read write', '--lifetime', '15m', '--alg', 'ES256'];
    options.push('--token-format', 'reference', '--publish-metadata');
    options.push(
      '--documentation',
      'https://a/docs',
      '--policy-uri',
      'https://a/p',
      '--tos-uri',
      'https://a/t',
    );
    const created = await signet.json(
      'resources',
      'create',
      API,
      ...options,
      '--introspected-by',
      'api other',
      '--claims',
      '{"tier":"silver"}',
      ...['--authorization-details-type', `payment ${JSON.stringify(PAYMENT)}`],
      ...['--authorization-details-type', `refund @${file}`],
    );
    assert.deepEqual(created, {
      ...NEW,
      resource_name: 'The API',
      scopes_supported: ['read', 'write'],
      access_token_lifetime: 900,
      access_token_format: 'reference',
      access_token_signing_alg: 'ES256',
      introspection_client_ids: ['api', 'other'],
      claims: { tier: 'silver' },
      metadata_published: true,
      resource_documentation: 'https://a/docs',
      resource_policy_uri: 'https://a/p',
      resource_tos_uri: 'https://a/t',
      authorization_details_types: [
        { type: 'payment', schema: PAYMENT },
        { type: 'refund', schema: PAYMENT },
      ],
    });
    assert.deepEqual(await signet.json('resources', 'show', API), created);
  });

  it('shows a resource to people as names and values', async () => {
    const created = await signet.run('resources', 'create', API, '--scopes', 'read write');
    assert.deepEqual(created, {
      exitCode: 0,
      stdout: `resource                  https://api.example.com
scopes_supported          read write
introspection_client_ids
enabled                   true
created_at                2027-01-15T08:00:00.000Z
`,
      stderr: '',
    });
    assert.deepEqual(await signet.run('resources', 'show', API), created);
  });

  it('shows people the schema of a type of authorization details as JSON', async () => {
    const option = ['--authorization-details-type', `payment ${JSON.stringify(PAYMENT)}`];
    const { stdout } = await signet.run('resources', 'create', API, ...option);
    assert.ok(stdout.includes(`payment  schema=${JSON.stringify(PAYMENT)}`), stdout);
  });

  it('lists resources by identifier, to people as a table', async () => {
    await signet.json('resources', 'create', 'urn:b', '--scopes', 'read write', '--name', 'B');
    await signet.json('resources', 'create', 'urn:a');
    assert.deepEqual(await signet.run('resources', 'list'), {
      exitCode: 0,
      stdout: `resource  resource_name  scopes_supported  enabled
urn:a                                      true
urn:b     B              read write        true
`,
      stderr: '',
    });
    const a = { ...NEW, resource: 'urn:a' };
    const b = { ...NEW, resource: 'urn:b', resource_name: 'B', scopes_supported: ['read', 'write'] };
    assert.deepEqual(await signet.json('resources', 'list'), [a, b]);
  });

  it('says of an empty listing how to begin, and to scripts an empty array', async () => {
    const stdout = 'There are no resources yet: signet resources create makes one.\n';
    assert.deepEqual(await signet.run('resources', 'list'), { exitCode: 0, stdout, stderr: '' });
    assert.deepEqual(await signet.json('resources', 'list'), []);
  });

  it('updates what is given and leaves the rest', async () => {
    await signet.json('resources', 'create', API, '--name', 'API', '--scopes', 'read', '--lifetime', '1h');
    const before = { ...NEW, resource_name: 'API', scopes_supported: ['read'], access_token_lifetime: 3600 };
    const after = { ...before, scopes_supported: ['read', 'write'] };
    assert.deepEqual(await signet.json('resources', 'update', API, '--scopes', 'read write'), after);
  });

  it('takes away what is updated to none, or to nothing', async () => {
    await signet.json('resources', 'create', API, '--name', 'API', '--scopes', 'read', '--lifetime', '1h');
    const format = ['--token-format', 'reference'];
    const typed = ['--authorization-details-type', `payment ${JSON.stringify(PAYMENT)}`];
    await signet.json(
      'resources',
      'update',
      API,
      '--introspected-by',
      'api',
      '--claims',
      '{}',
      ...format,
      ...typed,
    );
    const none = [
      '--authorization-details-type',
      'none',
      '--claims',
      'none',
      '--name',
      'none',
      '--lifetime',
      'none',
      '--token-format',
      'none',
      '--alg',
      'none',
    ];
    const emptied = await signet.json(
      'resources',
      'update',
      API,
      ...none,
      '--scopes',
      '',
      '--introspected-by',
      '',
    );
    assert.deepEqual(emptied, NEW);
  });

  it('publishes metadata and stops it, and takes away the pages that it names', async () => {
    await signet.json('resources', 'create', API, '--publish-metadata', '--documentation', 'https://a/docs');
    const stopped = await signet.json('resources', 'update', API, '--no-publish-metadata');
    assert.deepEqual(stopped, { ...NEW, resource_documentation: 'https://a/docs' });
    const none = ['--documentation', 'none', '--policy-uri', 'none', '--tos-uri', 'none'];
    assert.deepEqual(await signet.json('resources', 'update', API, ...none), NEW);
  });

  it('writes the metadata that the server of a resource serves, for scripts and files alike (RFC 9728 §2)', async () => {
    await signet.json('resources', 'create', API, '--scopes', 'read', '--name', 'The API');
    const metadata = {
      resource: API,
      authorization_servers: ['https://auth.example.com'],
      scopes_supported: ['read'],
      bearer_methods_supported: ['header'],
      resource_name: 'The API',
    };
    const args = ['resources', 'metadata', API, '--issuer', 'https://auth.example.com'];
    assert.deepEqual(await signet.json(...args), metadata);
    const { stdout } = await signet.run(...args);
    assert.equal(stdout, `${JSON.stringify(metadata, undefined, 2)}\n`);
  });

  it('disables and enables a resource', async () => {
    await signet.json('resources', 'create', API);
    assert.deepEqual(await signet.json('resources', 'disable', API), { ...NEW, enabled: false });
    assert.deepEqual(await signet.json('resources', 'show', API), { ...NEW, enabled: false });
    assert.deepEqual(await signet.json('resources', 'enable', API), NEW);
  });

  it('deletes a resource without asking, so that scripts can', async () => {
    for (const resource of [API, 'urn:a']) await signet.json('resources', 'create', resource);
    assert.deepEqual(await signet.json('resources', 'delete', API), { resource: API, deleted: true });
    assert.deepEqual(await signet.run('resources', 'delete', 'urn:a'), {
      exitCode: 0,
      stdout: 'Deleted urn:a.\n',
      stderr: '',
    });
    assert.deepEqual(await signet.json('resources', 'list'), []);
  });
});
