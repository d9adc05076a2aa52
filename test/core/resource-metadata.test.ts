import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { createResource, setResourceEnabled } from '../../core/management/resources.ts';
import { OAuthError } from '../../core/oauth-error.ts';
import type { RequestRecord } from '../../core/request-record.ts';
import { findResourceMetadata, resourceMetadata } from '../../core/resource-metadata.ts';
import { makeResource, resourceIdentifier } from '../support/records.ts';
import { createTestIssuer, RESOURCE, type TestIssuer } from '../support/test-issuer.ts';

const ORDERS = resourceIdentifier('https://orders.example.com/v1');
const PAGES = {
  resource_documentation: 'https://docs.example.com/orders',
  resource_policy_uri: 'https://docs.example.com/policy',
  resource_tos_uri: 'https://docs.example.com/terms',
};
const NOT_FOUND = {
  code: 'not_found',
  description: 'no resource of this identifier publishes its metadata here',
};

let issuer: TestIssuer;
let record: RequestRecord;
beforeEach(async () => {
  issuer = await createTestIssuer();
  record = {};
  await createResource(ORDERS, { scopes_supported: ['read'], metadata_published: true, ...PAGES }, issuer);
});

const find = (...identifiers: readonly string[]) => findResourceMetadata(identifiers, issuer, record);

describe('the metadata of a resource', () => {
  it('says where its tokens are from, and what its operator said of it (RFC 9728 §2)', () => {
    const members = { resource_name: 'Orders', scopes_supported: ['read', 'write'], ...PAGES };
    assert.deepEqual(resourceMetadata(makeResource(ORDERS, members), issuer), {
      resource: ORDERS,
      authorization_servers: [issuer.identifier],
      scopes_supported: ['read', 'write'],
      bearer_methods_supported: ['header'],
      resource_name: 'Orders',
      ...PAGES,
    });
  });

  it('leaves out a list that is empty (RFC 9728 §3.2), and all that is the issuer’s own to know', () => {
    const internal = {
      introspection_client_ids: ['backend'],
      claims: { tier: 'gold' },
      access_token_lifetime: 60,
    };
    assert.deepEqual(resourceMetadata(makeResource(ORDERS, internal), issuer), {
      resource: ORDERS,
      authorization_servers: [issuer.identifier],
      bearer_methods_supported: ['header'],
    });
  });

  it('is found by the identifier of the resource, which the log then has', async () => {
    assert.deepEqual(await find(ORDERS), {
      resource: ORDERS,
      authorization_servers: [issuer.identifier],
      scopes_supported: ['read'],
      bearer_methods_supported: ['header'],
      ...PAGES,
    });
    assert.deepEqual(record, { resource: ORDERS });
  });

  for (const [what, identifier] of [
    ['is not there', 'https://unknown.example.com'],
    ['publishes nothing', RESOURCE],
    ['is spelt with a slash more', `${ORDERS}/`],
    ['is spelt in capitals', ORDERS.toUpperCase()],
    ['is spelt with an encoded letter', ORDERS.replace('v', '%76')],
    ['is spelt with its default port', ORDERS.replace('.com', '.com:443')],
    ['is spelt with a look-alike letter', ORDERS.replace('o', 'о')],
    ['is spelt with a fragment', `${ORDERS}#`],
    ['is spelt with a space', ` ${ORDERS}`],
    ['is spelt with a line break', `${ORDERS}\r\nSet-Cookie: a=b`],
    ['is spelt with a NUL', `${ORDERS}\0`],
    ['has the name of a client', 'backend'],
    ['has the key of a client', 'client#backend'],
    ['has no name', ''],
    ['has a name that means something to JavaScript', '__proto__'],
    ['has a huge name', `https://a/${'a'.repeat(100_000)}`],
  ] as const) {
    it(`is not found when the resource ${what}, and the log has nothing of it`, async () => {
      await assert.rejects(find(identifier), NOT_FOUND);
      assert.deepEqual(record, {});
    });
  }

  it('is not found when the resource is disabled', async () => {
    await setResourceEnabled(ORDERS, false, issuer);
    await assert.rejects(find(ORDERS), NOT_FOUND);
  });

  it('is asked for by one identifier (RFC 9728 §3)', async () => {
    const description = 'the query has the parameter resource once: the identifier of an API';
    await assert.rejects(find(), { code: 'invalid_request', description });
    await assert.rejects(find(ORDERS, ORDERS), { code: 'invalid_request', description });
    await assert.rejects(find(RESOURCE, ORDERS), { code: 'invalid_request', description });
  });

  it('is found by nothing but that identifier, and whatever else is asked makes no error but ours', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constant(ORDERS))),
        async (asked) => {
          const outcome = await find(...asked).catch((error: unknown) => error);
          if (asked.length === 1 && asked[0] === ORDERS) return !(outcome instanceof Error);
          return outcome instanceof OAuthError && outcome.status < 500;
        },
      ),
    );
  });
});
