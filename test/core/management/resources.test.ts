import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import {
  createResource,
  deleteResource,
  type ResourceMetadata,
  setResourceEnabled,
  updateResource,
} from '../../../core/management/resources.ts';
import type { Resource } from '../../../core/resource.ts';
import { resourceIdentifier } from '../../support/records.ts';
import { createTestIssuer, type TestIssuer } from '../../support/test-issuer.ts';

const NEW = resourceIdentifier('https://new.example.com');

let issuer: TestIssuer;
beforeEach(async () => {
  issuer = await createTestIssuer();
});

describe('createResource', () => {
  it('makes a resource of its metadata', async () => {
    const metadata = {
      resource_name: 'New',
      scopes_supported: ['read', 'write'],
      access_token_lifetime: 600,
      access_token_format: 'reference',
      access_token_signing_alg: 'ES256',
      introspection_client_ids: ['backend', 'not there yet'],
      claims: { tier: 'silver' },
      metadata_published: true,
      resource_documentation: 'https://docs.example.com/new',
      resource_policy_uri: 'https://docs.example.com/policy',
      resource_tos_uri: 'https://docs.example.com/terms',
      authorization_details_types: [
        { type: 'payment', schema: { type: 'object', properties: {}, additionalProperties: false } },
      ],
    };
    const made = { resource: NEW, ...metadata, enabled: true, created_at: 1_800_000_000, version: 1 };
    assert.deepEqual(await createResource(NEW, metadata, issuer), made);
    assert.deepEqual(await issuer.resources.find(NEW), made);
  });

  it('needs nothing but an identifier', async () => {
    assert.deepEqual(await createResource(NEW, {}, issuer), {
      resource: NEW,
      scopes_supported: [],
      introspection_client_ids: [],
      enabled: true,
      created_at: 1_800_000_000,
      version: 1,
    });
  });

  it('refuses an identifier that is taken, and leaves its resource as it is', async () => {
    const resource = await createResource(NEW, {}, issuer);
    await assert.rejects(createResource(NEW, { resource_name: 'Thief' }, issuer), {
      code: 'conflict',
      description: `there is a resource ${NEW} already`,
    });
    assert.deepEqual(await issuer.resources.find(NEW), resource);
  });

  const refusals: readonly [ResourceMetadata, string][] = [
    [{ scopes_supported: ['read', 'read'] }, 'scopes_supported: a scope stands in the list twice'],
    [{ scopes_supported: Array.from({ length: 101 }, String) }, 'scopes_supported: at most 100 scopes'],
    [{ scopes_supported: ['s'.repeat(129)] }, 'scopes_supported.0: a scope has at most 128 characters'],
    [{ access_token_lifetime: 30 }, 'access_token_lifetime: a token lives at least 60 seconds'],
    [
      { access_token_signing_alg: 'ES384' },
      'access_token_signing_alg: the issuer has no ES384 key yet: add ES384 to its algorithms first',
    ],
    [
      { resource_tos_uri: 'javascript:alert(1)' },
      'resource_tos_uri: a page is an https URL, such as https://docs.example.com/orders',
    ],
    [{ claims: { aud: 'urn:other' } }, 'claims: the claim aud is reserved'],
    [{ introspection_client_ids: ['é'] }, 'introspection_client_ids.0: a client_id is printable ASCII'],
  ];
  for (const [metadata, description] of refusals) {
    it(`refuses, and makes no resource: ${description}`, async () => {
      await assert.rejects(createResource(NEW, metadata, issuer), {
        code: 'invalid_client_metadata',
        description,
      });
      assert.equal(await issuer.resources.find(NEW), undefined);
    });
  }

  it('refuses to publish the metadata of what has no place for it (RFC 9728 §3)', async () => {
    const refused = {
      code: 'invalid_client_metadata',
      description:
        'metadata_published: only a resource whose identifier is an https URL has a place for its metadata',
    };
    await assert.rejects(createResource('urn:a', { metadata_published: true }, issuer), refused);
    await createResource('urn:a', { metadata_published: false }, issuer);
    const update = updateResource(resourceIdentifier('urn:a'), { metadata_published: true }, issuer);
    await assert.rejects(update, refused);
    await createResource('http://127.0.0.1:3000', { metadata_published: true }, issuer);
  });

  for (const [identifier, metadata, member] of [
    ['nowhere', {}, 'resource'],
    [NEW, { resource_name: 7 }, 'resource_name'],
    [NEW, { access_token_format: 'jwt' }, 'access_token_format'],
    [NEW, { access_token_signing_alg: 'none' }, 'access_token_signing_alg'],
    [NEW, { access_token_signing_alg: 'HS256' }, 'access_token_signing_alg'],
    [NEW, { scopes_supported: null }, 'scopes_supported'],
  ] as const) {
    it(`refuses ${identifier} with ${JSON.stringify(metadata)} by naming the member`, async () => {
      await assert.rejects(createResource(identifier, metadata, issuer), (error: Error) =>
        error.message.startsWith(`invalid_client_metadata: ${member}: `),
      );
    });
  }
});

describe('a resource', () => {
  let resource: Resource;
  beforeEach(async () => {
    resource = await createResource(NEW, { resource_name: 'New', scopes_supported: ['read'] }, issuer);
  });

  it('is changed in what is given, loses what is null, and keeps the rest', async () => {
    const metadata = { resource_name: null, access_token_lifetime: 600, access_token_signing_alg: 'ES256' };
    const { resource_name, ...unnamed } = resource;
    const changed = await updateResource(NEW, metadata, issuer);
    assert.deepEqual(changed, {
      ...unnamed,
      access_token_lifetime: 600,
      access_token_signing_alg: 'ES256',
      version: 2,
    });
    assert.deepEqual(await issuer.resources.find(NEW), changed);
  });

  it('is not changed by a change that changes nothing', async () => {
    await assert.rejects(updateResource(NEW, {}, issuer), {
      code: 'invalid_client_metadata',
      description: 'nothing is to be changed: say what, as --help tells',
    });
    assert.deepEqual(await issuer.resources.find(NEW), resource);
  });

  it('is not changed to what createResource refuses', async () => {
    for (const metadata of [{ access_token_signing_alg: 'PS256' }, { scopes_supported: ['a b'] }]) {
      await assert.rejects(updateResource(NEW, metadata, issuer), { code: 'invalid_client_metadata' });
    }
    assert.deepEqual(await issuer.resources.find(NEW), resource);
  });

  it('is disabled and enabled, and otherwise as it was', async () => {
    const disabled = await setResourceEnabled(NEW, false, issuer);
    assert.deepEqual(disabled, { ...resource, enabled: false, version: 2 });
    assert.deepEqual(await setResourceEnabled(NEW, true, issuer), { ...resource, version: 3 });
  });

  it('is deleted', async () => {
    await deleteResource(NEW, issuer);
    assert.equal(await issuer.resources.find(NEW), undefined);
  });

  it('that is not there is neither changed nor deleted', async () => {
    const unknown = resourceIdentifier('urn:unknown');
    const notFound = {
      code: 'not_found',
      description: 'there is no resource urn:unknown: signet resources list shows those there are',
    };
    await assert.rejects(updateResource(unknown, {}, issuer), notFound);
    await assert.rejects(setResourceEnabled(unknown, false, issuer), notFound);
    await assert.rejects(deleteResource(unknown, issuer), notFound);
  });
});
