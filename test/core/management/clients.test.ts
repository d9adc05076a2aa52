import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { hashClientSecret } from '../../../core/client-secret.ts';
import {
  type ClientMetadata,
  createClient,
  deleteClient,
  revokeClientTokens,
  setClientEnabled,
  updateClient,
} from '../../../core/management/clients.ts';
import { createResource, deleteResource } from '../../../core/management/resources.ts';
import { clientId, resourceIdentifier } from '../../support/records.ts';
import { createTestIssuer, RESOURCE, type TestIssuer } from '../../support/test-issuer.ts';

const NOW = 1_800_000_000;
const OTHER = 'https://other.example.com';
const BACKEND = clientId('backend');

let issuer: TestIssuer;
beforeEach(async () => {
  issuer = await createTestIssuer();
  const schema = { type: 'object', properties: {}, additionalProperties: false };
  const types = { authorization_details_types: [{ type: 'payment', schema }] };
  await createResource(OTHER, { scopes_supported: ['admin'], ...types }, issuer);
});

const invalid = (description: string) => ({ code: 'invalid_client_metadata', description });

describe('createClient', () => {
  it('takes types of authorization details away again', async () => {
    const resources = [{ resource: OTHER, scope: [] }];
    const types = { authorization_details_types: [{ resource: OTHER, values: ['payment'] }] };
    await createClient('reports', { resources, ...types }, {}, issuer);
    const changed = await updateClient(clientId('reports'), { authorization_details_types: null }, issuer);
    assert.equal('authorization_details_types' in changed, false);
  });

  it('gives no type of authorization details of a resource that was deleted', async () => {
    await createClient('reports', { resources: [{ resource: OTHER, scope: [] }] }, {}, issuer);
    await deleteResource(resourceIdentifier(OTHER), issuer);
    const types = { authorization_details_types: [{ resource: OTHER, values: ['payment'] }] };
    const description = `authorization_details_types: ${OTHER} has no type payment`;
    await assert.rejects(updateClient(clientId('reports'), types, issuer), invalid(description));
  });

  it('makes a client of its metadata, and a secret that it returns this once', async () => {
    const metadata = {
      client_name: 'Reports',
      token_endpoint_auth_method: 'client_secret_post',
      resources: [
        { resource: RESOURCE, scope: ['read'] },
        { resource: OTHER, scope: [] },
      ],
      default_resource: OTHER,
      access_token_lifetime: 600,
      subject: 'accounts/reports',
      claims: { tenant: 'acme' },
      roles: [{ resource: RESOURCE, values: ['clerk'] }],
      groups: [{ resource: OTHER, values: ['eu', 'us'] }],
      authorization_details_types: [{ resource: OTHER, values: ['payment'] }],
    };
    const { client, secret } = await createClient('reports', metadata, { expiresInSeconds: 60 }, issuer);
    assert.ok(secret);
    assert.deepEqual(client, {
      client_id: 'reports',
      ...metadata,
      client_id_issued_at: NOW,
      grant_types: ['client_credentials'],
      client_secrets: [
        {
          secret_id: secret.stored.secret_id,
          sha256: hashClientSecret(secret.client_secret),
          created_at: NOW,
          expires_at: NOW + 60,
        },
      ],
      enabled: true,
      version: 1,
    });
    assert.deepEqual(await issuer.clients.find(client.client_id), client);
  });

  it('makes an identifier when none is given, and a client that only introspects when no resource is', async () => {
    const { client, secret } = await createClient(undefined, {}, {}, issuer);
    assert.match(client.client_id, /^[0-9A-Za-z]{22}$/);
    assert.deepEqual(client, {
      client_id: client.client_id,
      client_id_issued_at: NOW,
      grant_types: [],
      resources: [],
      client_secrets: [secret?.stored],
      enabled: true,
      version: 1,
    });
  });

  it('makes a public client without a secret', async () => {
    const metadata = { token_endpoint_auth_method: 'none' };
    const { client, ...rest } = await createClient('app', metadata, {}, issuer);
    assert.deepEqual(client.client_secrets, []);
    assert.deepEqual(rest, {});
  });

  for (const [what, request] of [
    ['to take over', { imported: 'kJ8#mP2$vQ9&wX4!zB7^nC5*aD3@fG6%' }],
    ['that expires', { expiresInSeconds: 60 }],
  ] as const) {
    it(`refuses a secret ${what} for a client that has no use for one`, async () => {
      const refusal = createClient('app', { token_endpoint_auth_method: 'none' }, request, issuer);
      await assert.rejects(refusal, {
        code: 'invalid_client_metadata',
        description: 'the client does not authenticate by secret: give it an auth method that does first',
      });
      assert.equal(await issuer.clients.find(clientId('app')), undefined);
    });
  }

  it('takes over a secret from another issuer', async () => {
    const imported = 'kJ8#mP2$vQ9&wX4!zB7^nC5*aD3@fG6%';
    const { secret } = await createClient('legacy', {}, { imported }, issuer);
    assert.equal(secret?.client_secret, imported);
    await assert.rejects(createClient('weak', {}, { imported: 'secret' }, issuer), {
      code: 'invalid_client_metadata',
    });
    assert.equal(await issuer.clients.find(clientId('weak')), undefined);
  });

  it('refuses an identifier that is taken, and leaves its client as it is', async () => {
    await assert.rejects(createClient('backend', { client_name: 'Thief' }, {}, issuer), {
      code: 'conflict',
      description: 'there is a client backend already',
    });
    assert.deepEqual(await issuer.clients.find(BACKEND), issuer.client);
  });

  for (const client_id of ['', 'é', 'a\n', 'a'.repeat(256)]) {
    it(`refuses the identifier ${JSON.stringify(client_id.slice(0, 10))} of ${client_id.length} characters`, async () => {
      await assert.rejects(createClient(client_id, {}, {}, issuer), (error: Error) =>
        /^invalid_client_metadata: client_id: a client_id /.test(error.message),
      );
    });
  }

  const access = (resource: string, ...scope: readonly string[]) => ({ resource, scope });
  const held = (resource: string, ...values: readonly string[]) => ({ resource, values });
  const refusals: readonly [ClientMetadata, string][] = [
    [{ resources: [access('urn:unknown')] }, 'resources: there is no resource urn:unknown: create it first'],
    [
      { resources: [access(RESOURCE, 'read', 'fly', 'swim')] },
      `resources: ${RESOURCE} has no scope fly swim`,
    ],
    [
      { resources: [access(RESOURCE), access(RESOURCE, 'read')] },
      'resources: a resource stands in the list twice',
    ],
    [
      { resources: [access(RESOURCE, 'read', 'read')] },
      'resources.0.scope: a scope stands in the list twice',
    ],
    [
      { resources: [access(RESOURCE, 'a b')] },
      'resources.0.scope.0: a scope is printable ASCII without space, quote and backslash',
    ],
    [
      { resources: [access('nowhere')] },
      'resources.0.resource: a resource is an absolute URI without a fragment, such as https://api.example.com (RFC 8707)',
    ],
    [
      { resources: Array.from({ length: 51 }, (_, n) => access(`urn:${n}`)) },
      'resources: a client has at most 50 resources',
    ],
    [
      { resources: [access(RESOURCE)], default_resource: OTHER },
      'default_resource: it is none of the resources of the client',
    ],
    [
      { token_endpoint_auth_method: 'private_key_jwt' },
      'jwks: a client with private_key_jwt needs its public keys',
    ],
    [{ default_resource: RESOURCE }, 'default_resource: it is none of the resources of the client'],
    [{ subject: '' }, 'subject: a subject is printable ASCII'],
    [{ subject: 's'.repeat(256) }, 'subject: a subject has at most 255 characters'],
    [{ claims: { sub: 'admin' } }, 'claims: the claim sub is reserved'],
    [{ claims: ['tenant'] }, 'claims: claims are a JSON object'],
    [{ roles: [held(RESOURCE, 'clerk')] }, `roles: the client has no resource ${RESOURCE}`],
    [
      { resources: [access(RESOURCE)], groups: [held(RESOURCE, 'eu'), held(RESOURCE)] },
      'groups: a resource stands in the list twice',
    ],
    [
      { roles: [held(RESOURCE, 'a b')] },
      'roles.0.values.0: a role or group is printable ASCII without space, quote and backslash',
    ],
    [
      { roles: [held(RESOURCE, 'r'.repeat(65))] },
      'roles.0.values.0: a role or group has at most 64 characters',
    ],
    [
      { roles: [held(RESOURCE, ...Array.from({ length: 21 }, String))] },
      'roles.0.values: at most 20 roles or groups',
    ],
    [
      { resources: [access(OTHER)], authorization_details_types: [held(OTHER, 'payment', 'refund')] },
      `authorization_details_types: ${OTHER} has no type refund`,
    ],
    [
      { resources: [access(RESOURCE)], authorization_details_types: [held(RESOURCE, 'payment')] },
      `authorization_details_types: ${RESOURCE} has no type payment`,
    ],
    [
      { authorization_details_types: [held(RESOURCE, 'payment')] },
      `authorization_details_types: the client has no resource ${RESOURCE}`,
    ],
    [{ access_token_lifetime: 59 }, 'access_token_lifetime: a token lives at least 60 seconds'],
    [{ access_token_lifetime: 86_401 }, 'access_token_lifetime: a token lives at most 86400 seconds'],
  ];
  for (const [metadata, description] of refusals) {
    it(`refuses, and makes no client: ${description}`, async () => {
      await assert.rejects(createClient('new', metadata, {}, issuer), invalid(description));
      assert.equal(await issuer.clients.find(clientId('new')), undefined);
    });
  }

  for (const metadata of [
    { client_name: 7 },
    { client_name: 'n'.repeat(201) },
    { token_endpoint_auth_method: 'client_secret_digest' },
    { resources: 'https://api.example.com' },
    { resources: null },
    { resources: [{ resource: RESOURCE, scope: [], admin: true }] },
    { access_token_lifetime: '600' },
  ]) {
    it(`refuses ${JSON.stringify(metadata).slice(0, 60)} by naming the member`, async () => {
      const [member] = Object.keys(metadata);
      await assert.rejects(createClient('new', metadata, {}, issuer), (error: Error) =>
        error.message.startsWith(`invalid_client_metadata: ${member}`),
      );
    });
  }
});

describe('updateClient', () => {
  it('refuses a change that changes nothing', async () => {
    await assert.rejects(updateClient(BACKEND, { client_name: undefined }, issuer), {
      code: 'invalid_client_metadata',
      description: 'nothing is to be changed: say what, as --help tells',
    });
    assert.deepEqual(await issuer.clients.find(BACKEND), issuer.client);
  });

  it('changes what is given, takes away what is null, and leaves the rest', async () => {
    const named = await updateClient(BACKEND, { client_name: 'A', access_token_lifetime: 600 }, issuer);
    assert.deepEqual(named, { ...issuer.client, client_name: 'A', access_token_lifetime: 600, version: 2 });
    const metadata = { client_name: null, access_token_lifetime: undefined };
    const unnamed = await updateClient(BACKEND, metadata, issuer);
    assert.deepEqual(unnamed, { ...issuer.client, access_token_lifetime: 600, version: 3 });
    assert.deepEqual(await issuer.clients.find(BACKEND), unnamed);
  });

  it('gives and takes the grant with the resources', async () => {
    const without = await updateClient(BACKEND, { resources: [] }, issuer);
    assert.deepEqual([without.resources, without.grant_types], [[], []]);
    const resources = [{ resource: OTHER, scope: ['admin'] }];
    const other = await updateClient(BACKEND, { resources, default_resource: OTHER }, issuer);
    assert.deepEqual([other.resources, other.grant_types], [resources, ['client_credentials']]);
    await assert.rejects(
      updateClient(BACKEND, { resources: [] }, issuer),
      invalid('default_resource: it is none of the resources of the client'),
    );
  });

  it('changes a client whose resource was deleted meanwhile, unless it is given anew', async () => {
    await deleteResource(resourceIdentifier(RESOURCE), issuer);
    assert.equal((await updateClient(BACKEND, { client_name: 'A' }, issuer)).client_name, 'A');
    await assert.rejects(
      updateClient(BACKEND, { resources: issuer.client.resources }, issuer),
      invalid(`resources: there is no resource ${RESOURCE}: create it first`),
    );
  });

  it('refuses what createClient refuses, and changes nothing', async () => {
    const metadata = { client_name: 'A', access_token_lifetime: 1 };
    await assert.rejects(updateClient(BACKEND, metadata, issuer), { code: 'invalid_client_metadata' });
    assert.deepEqual(await issuer.clients.find(BACKEND), issuer.client);
  });
});

describe('a client', () => {
  it('is disabled and enabled, and otherwise as it was', async () => {
    const disabled = await setClientEnabled(BACKEND, false, issuer);
    assert.deepEqual(disabled, { ...issuer.client, enabled: false, version: 2 });
    const enabled = await setClientEnabled(BACKEND, true, issuer);
    assert.deepEqual(enabled, { ...issuer.client, version: 3 });
  });

  it('has all its tokens revoked, again and later too, and otherwise is as it was', async () => {
    const revoked = await revokeClientTokens(BACKEND, issuer);
    assert.deepEqual(revoked, { ...issuer.client, tokens_revoked_at: NOW, version: 2 });
    issuer.time.now += 60;
    await revokeClientTokens(BACKEND, issuer);
    const again = { ...issuer.client, tokens_revoked_at: NOW + 60, version: 3 };
    assert.deepEqual(await issuer.clients.find(BACKEND), again);
  });

  it('is deleted with its secrets', async () => {
    await deleteClient(BACKEND, issuer);
    assert.equal(await issuer.clients.find(BACKEND), undefined);
  });

  it('that is not there is neither changed nor deleted', async () => {
    const unknown = clientId('unknown');
    const notFound = {
      code: 'not_found',
      description: 'there is no client unknown: signet clients list shows those there are',
    };
    await assert.rejects(updateClient(unknown, {}, issuer), notFound);
    await assert.rejects(setClientEnabled(unknown, false, issuer), notFound);
    await assert.rejects(revokeClientTokens(unknown, issuer), notFound);
    await assert.rejects(deleteClient(unknown, issuer), notFound);
  });
});
