import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { type ClientMetadata, createClient, updateClient } from '../../../core/management/clients.ts';
import { createResource, deleteResource } from '../../../core/management/resources.ts';
import { clientId, resourceIdentifier } from '../../support/records.ts';
import { createTestIssuer, RESOURCE, type TestIssuer } from '../../support/test-issuer.ts';

const OTHER = 'https://other.example.com';
const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';

let issuer: TestIssuer;
beforeEach(async () => {
  issuer = await createTestIssuer();
  await createResource(OTHER, { scopes_supported: ['admin'] }, issuer);
});

const access = (resource: string, ...scope: readonly string[]) => ({ resource, scope });
const WHOLE = {
  token_exchange_subject_resources: [RESOURCE],
  token_exchange_resources: [access(OTHER, 'admin')],
};
const NOTHING = { token_exchange_subject_resources: null, token_exchange_resources: null };
const update = (metadata: ClientMetadata) => updateClient(clientId('backend'), metadata, issuer);

describe('a client that exchanges tokens', () => {
  it('is registered for the grant by what it may exchange for what (RFC 7591 §2, RFC 8693 §2.1)', async () => {
    const { client } = await createClient('api', WHOLE, {}, issuer);
    assert.deepEqual(client.grant_types, [GRANT]);
    const { token_exchange_subject_resources, token_exchange_resources } = client;
    assert.deepEqual({ token_exchange_subject_resources, token_exchange_resources }, WHOLE);
  });

  it('has the other grant beside it when it has resources for itself', async () => {
    assert.deepEqual((await update(WHOLE)).grant_types, ['client_credentials', GRANT]);
  });

  it('loses the grant with what it may exchange', async () => {
    await update({ ...WHOLE, token_exchange_impersonation: true });
    const without = await update({ ...NOTHING, token_exchange_impersonation: null });
    assert.deepEqual(without, { ...issuer.client, version: 3 });
  });

  it('may exchange tokens of other issuers alone', async () => {
    const token_exchange_foreign_subjects = [
      { issuer: 'https://oidc.example.com', subject: 'repo:a/*', local_subject: 'accounts/a' },
    ];
    const changed = await update({
      ...WHOLE,
      token_exchange_subject_resources: null,
      token_exchange_foreign_subjects,
    });
    assert.deepEqual(changed.token_exchange_foreign_subjects, token_exchange_foreign_subjects);
    assert.deepEqual(changed.grant_types, ['client_credentials', GRANT]);
    await assert.rejects(update({ token_exchange_foreign_subjects: null }), {
      code: 'invalid_client_metadata',
      description:
        'token_exchange_resources, token_exchange_subject_resources (or token_exchange_foreign_subjects): a client has both or neither',
    });
  });

  for (const [what, subject] of [
    ['no local subject', { issuer: 'https://oidc.example.com', subject: 'a' }],
    [
      'a local subject that is not printable',
      { issuer: 'https://oidc.example.com', subject: 'a', local_subject: 'a\n' },
    ],
    ['an issuer by http', { issuer: 'http://oidc.example.com', subject: 'a', local_subject: 'a' }],
    ['a pattern of all subjects', { issuer: 'https://oidc.example.com', subject: '*', local_subject: 'a' }],
  ] as const) {
    it(`exchanges no tokens of another issuer with ${what}`, async () => {
      await assert.rejects(update({ ...WHOLE, token_exchange_foreign_subjects: [subject] }), {
        code: 'invalid_client_metadata',
      });
    });
  }

  it('may be changed in one part of it', async () => {
    await update(WHOLE);
    const changed = await update({ token_exchange_subject_resources: [OTHER, RESOURCE] });
    assert.deepEqual(changed.token_exchange_subject_resources, [OTHER, RESOURCE]);
    assert.deepEqual(changed.token_exchange_resources, WHOLE.token_exchange_resources);
  });

  it('may be changed in all else when one of its resources was deleted, unless it is given anew', async () => {
    await update(WHOLE);
    await deleteResource(resourceIdentifier(OTHER), issuer);
    assert.equal((await update({ client_name: 'A' })).client_name, 'A');
    await assert.rejects(update({ token_exchange_resources: WHOLE.token_exchange_resources }), {
      description: `token_exchange_resources: there is no resource ${OTHER}: create it first`,
    });
  });

  const refusals: readonly [ClientMetadata, string][] = [
    ...[{ token_exchange_resources: null }, { token_exchange_subject_resources: null }].map(
      (part) =>
        [
          part,
          'token_exchange_resources, token_exchange_subject_resources (or token_exchange_foreign_subjects): a client has both or neither',
        ] as [ClientMetadata, string],
    ),
    [
      { ...NOTHING, token_exchange_impersonation: true },
      'token_exchange_impersonation: the client exchanges no tokens',
    ],
    [
      { token_exchange_subject_resources: [RESOURCE, RESOURCE] },
      'token_exchange_subject_resources: a resource stands in the list twice',
    ],
    [
      { token_exchange_resources: [access(OTHER), access(OTHER, 'admin')] },
      'token_exchange_resources: a resource stands in the list twice',
    ],
    [
      { token_exchange_subject_resources: ['urn:unknown'] },
      'token_exchange_subject_resources: there is no resource urn:unknown: create it first',
    ],
    [
      { token_exchange_resources: [access(OTHER, 'admin', 'fly')] },
      `token_exchange_resources: ${OTHER} has no scope fly`,
    ],
    [{ token_exchange_resources: [] }, 'token_exchange_resources: it names at least one resource'],
    [
      { token_exchange_subject_resources: Array.from({ length: 51 }, (_, n) => `urn:${n}`) },
      'token_exchange_subject_resources: it names at most 50 resources',
    ],
    [{ may_act: { sub: '' } }, 'may_act.sub: a subject is printable ASCII'],
    [{ may_act: { sub: 'é' } }, 'may_act.sub: a subject is printable ASCII'],
  ];
  for (const [metadata, description] of refusals) {
    it(`is refused and not changed: ${description} (${JSON.stringify(metadata).slice(0, 60)})`, async () => {
      const before = await update(WHOLE);
      await assert.rejects(update(metadata), { code: 'invalid_client_metadata', description });
      assert.deepEqual(await issuer.clients.find(clientId('backend')), before);
    });
  }

  for (const metadata of [
    { may_act: 'backend' },
    { may_act: { sub: 'backend', iss: 'x' } },
    { token_exchange_impersonation: 'yes' },
    { token_exchange_subject_resources: RESOURCE },
    { token_exchange_resources: [{ resource: OTHER }] },
  ]) {
    it(`is refused by the name of the member: ${JSON.stringify(metadata)}`, async () => {
      const [member] = Object.keys(metadata);
      await assert.rejects(update({ ...WHOLE, ...metadata }), (error: Error) =>
        error.message.startsWith(`invalid_client_metadata: ${member}`),
      );
    });
  }
});
