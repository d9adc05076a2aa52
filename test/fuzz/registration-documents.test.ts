import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { makeClientKey } from '../support/client-assertion.ts';
import { assertRefused, assertShare, fuzz, mutation, someOf, valueOr } from '../support/fuzz.ts';
import {
  assertWithinPolicy,
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

let issuer: RegisteringIssuer;
beforeEach(async () => {
  issuer = await createRegisteringIssuer();
});

/** Documents that are registered as they stand. */
const GOOD = [
  { policy: {}, document: {} },
  { policy: {}, document: { client_name: 'Shop', scope: 'read', access_token_lifetime: 60 } },
  { policy: {}, document: { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } } },
  { policy: SEVERAL, document: { grant_types: ['client_credentials'], resources: SEVERAL.resources } },
];
const members = someOf({
  client_name: valueOr('Shop', 'x'.repeat(257), 'Sh\u0000p'),
  token_endpoint_auth_method: valueOr('client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'),
  grant_types: valueOr(['client_credentials'], ['client_credentials', 'password'], ['password']),
  scope: valueOr('read', 'write', 'read write', 'stock', ' ', 'read  read'),
  resources: fc.oneof(
    valueOr(),
    fc.array(
      fc.record({
        resource: valueOr(RESOURCE, OTHER_RESOURCE, `${RESOURCE}/`, 'urn:a'),
        scope: valueOr([], ['read'], ['stock'], ['read', 'write'], ['read', 'read']),
      }),
      { maxLength: 3 },
    ),
  ),
  access_token_lifetime: valueOr(59, 600, 601, '60'),
  jwks: valueOr({ keys: [jwk] }, { keys: [jwk, jwk] }, { keys: [{ ...jwk, d: jwk['x'] }] }, { keys: [] }),
  jwks_uri: valueOr('https://client.example.com/jwks'),
  client_id: valueOr('backend'),
  client_secret: valueOr('x'.repeat(40)),
  registration: valueOr({ policy: SEVERAL }),
  claims: valueOr({ admin: true }),
  roles: valueOr(['admin']),
  subject: valueOr('backend'),
  enabled: valueOr(false),
});

describe('whatever stands in a registration document', () => {
  it('is refused with a 4xx, or registers and keeps nothing beyond the policy', async () => {
    const counts = { tried: 0, registered: 0, replaced: 0 };
    const inputs = fc.record({
      good: fc.constantFrom(...GOOD),
      ...{ first: members, second: members, namesSecret: fc.boolean() },
    });
    await fuzz(inputs, async ({ good: { policy, document }, first, second, namesSecret }) => {
      counts.tried += 1;
      const token = await issuer.initialAccessToken(policy);
      const registered = await issuer.register(token, { ...document, ...first }).catch(assertRefused);
      if (!registered) return;
      counts.registered += 1;
      const client = registered as RegisteredClient;
      await assertWithinPolicy(client, policy, issuer);
      const named = namesSecret ? { client_secret: client.client_secret } : {};
      if (await issuer.update(client, { ...document, ...named, ...second }).catch(assertRefused))
        counts.replaced += 1;
      await assertWithinPolicy(client, policy, issuer);
    });
    assertShare(counts.registered, counts.tried);
    assertShare(counts.replaced, counts.registered);
  });

  it('is refused with a 4xx, whatever the text', async () => {
    const counts = { tried: 0, registered: 0 };
    const nearlyGood = fc
      .record({ good: fc.constantFrom(...GOOD.slice(0, 3)), mutate: mutation })
      .map(({ good, mutate }) => mutate(JSON.stringify(good.document)));
    const texts = fc.oneof(
      { arbitrary: nearlyGood, weight: 2 },
      { arbitrary: fc.oneof(fc.json(), fc.string({ unit: 'binary' })), weight: 1 },
    );
    await fuzz(texts, async (text) => {
      counts.tried += 1;
      const token = await issuer.initialAccessToken();
      if (await issuer.register(token, text).catch(assertRefused)) counts.registered += 1;
    });
    assertShare(counts.registered, counts.tried);
  });
});
