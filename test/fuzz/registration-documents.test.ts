import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { makeClientKey } from '../support/client-assertion.ts';
import { fuzz } from '../support/fuzz.ts';
import { clientId } from '../support/records.ts';
import {
  createRegisteringIssuer,
  OTHER_RESOURCE,
  POLICY,
  type RegisteredClient,
  type RegisteringIssuer,
} from '../support/registering.ts';
import { RESOURCE } from '../support/test-issuer.ts';

const { jwk } = makeClientKey('P-256');
const SEVERAL = {
  resources: [...POLICY.resources, { resource: OTHER_RESOURCE, scope: ['stock'] }],
};

describe('whatever stands in a registration document', () => {
  let issuer: RegisteringIssuer;
  before(async () => {
    issuer = await createRegisteringIssuer();
  });

  const scope = fc.constantFrom('read', 'write', 'read write', '', 'stock', ' ');
  const resource = fc.constantFrom(RESOURCE, OTHER_RESOURCE, `${RESOURCE}/`, 'urn:a');
  const entry = fc.record({
    resource,
    scope: fc.array(fc.constantFrom('read', 'write', 'stock'), { maxLength: 3 }),
  });
  const orAnything = <T>(good: fc.Arbitrary<T>) =>
    fc.oneof({ arbitrary: good, weight: 4 }, { arbitrary: fc.jsonValue({ maxDepth: 3 }), weight: 1 });
  const document = fc.record(
    {
      client_name: orAnything(fc.string()),
      token_endpoint_auth_method: orAnything(
        fc.constantFrom('client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'),
      ),
      grant_types: orAnything(fc.constant(['client_credentials'])),
      scope: orAnything(scope),
      resources: orAnything(fc.array(entry, { maxLength: 3 })),
      access_token_lifetime: orAnything(fc.integer({ min: 0, max: 1_000 })),
      jwks: orAnything(fc.constant({ keys: [jwk] })),
      jwks_uri: fc.webUrl(),
      claims: fc.jsonValue(),
      enabled: fc.jsonValue(),
      client_secret: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );

  it('is refused with a 4xx, or registers and keeps nothing beyond the policy', async () => {
    const allowed = new Map(SEVERAL.resources.map(({ resource, scope }) => [resource, new Set(scope)]));
    const assertWithin = async (client_id: string) => {
      const client = await issuer.clients.find(clientId(client_id));
      assert.ok(client?.token_endpoint_auth_method && client.access_token_lifetime);
      assert.ok(POLICY.token_endpoint_auth_methods.includes(client.token_endpoint_auth_method));
      assert.ok(client.access_token_lifetime <= POLICY.access_token_lifetime);
      assert.equal(client.claims ?? client.roles ?? client.subject, undefined);
      for (const { resource, scope } of client.resources)
        assert.ok(new Set<string>(scope).isSubsetOf(allowed.get(resource) ?? new Set()));
    };
    const refused = (error: unknown) => assert.ok(Object(error).status < 500, String(error));
    await fuzz(fc.tuple(document, document, fc.boolean()), async ([first, second, isOne]) => {
      const token = await issuer.initialAccessToken(isOne ? {} : SEVERAL);
      const client = (await issuer.register(token, first).catch(refused)) as RegisteredClient | undefined;
      const known = client ?? ((await issuer.registered(SEVERAL)) as RegisteredClient);
      await issuer.update(known, second).catch(refused);
      await assertWithin(known.client_id);
    });
  });

  it('is refused with a 4xx, whatever the text', async () => {
    const token = await issuer.initialAccessToken({}, 10_000);
    await fuzz(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), async (text) => {
      await issuer
        .register(token, text)
        .catch((error) => assert.ok(Object(error).status < 500, String(error)));
    });
  });
});
