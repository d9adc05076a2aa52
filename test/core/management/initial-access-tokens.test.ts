import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { describeClient } from '../../../core/management/description.ts';
import {
  addInitialAccessToken,
  describeInitialAccessToken,
  revokeInitialAccessToken,
} from '../../../core/management/initial-access-tokens.ts';
import { initialAccessTokenId } from '../../../core/registration/initial-access-token.ts';
import { clientId } from '../../support/records.ts';
import { createRegisteringIssuer, POLICY, type RegisteringIssuer } from '../../support/registering.ts';
import { RESOURCE } from '../../support/test-issuer.ts';

describe('an initial access token', () => {
  let issuer: RegisteringIssuer;
  beforeEach(async () => {
    issuer = await createRegisteringIssuer();
  });
  const add = (request: object = {}, policy: object = {}) =>
    addInitialAccessToken(
      { uses: 2, expiresInSeconds: 60, policy: { ...POLICY, ...policy }, ...request },
      issuer,
    );

  it('is shown once and kept as a hash, with what it is good for', async () => {
    const { initial_access_token, stored } = await add({ name: 'Partners' });
    assert.match(initial_access_token, /^signet_initial_access_[0-9A-Za-z]{49}$/);
    const expected = {
      initial_access_token_id: initialAccessTokenId(initial_access_token),
      name: 'Partners',
      created_at: issuer.time.now,
      expires_at: issuer.time.now + 60,
      uses_left: 2,
      policy: POLICY,
    };
    assert.deepEqual(describeInitialAccessToken(stored), expected);
    assert.deepEqual(await issuer.initialAccessTokens.find(stored.initial_access_token_id), {
      ...expected,
      version: 1,
    });
    assert.ok(!JSON.stringify(stored).includes(initial_access_token));
  });

  it('is revoked for good; the clients that registered by it stay, and say so', async () => {
    const { initial_access_token, stored } = await add();
    const { client_id } = Object(await issuer.register(initial_access_token));
    await revokeInitialAccessToken(stored.initial_access_token_id, issuer);
    await assert.rejects(issuer.register(initial_access_token), { code: 'invalid_token' });
    await assert.rejects(revokeInitialAccessToken(stored.initial_access_token_id, issuer), {
      code: 'not_found',
      description: `there is no initial-access-token ${stored.initial_access_token_id}: signet initial-access-tokens list shows those there are`,
    });
    const client = await issuer.clients.find(clientId(client_id));
    assert.ok(client);
    assert.deepEqual(describeClient(client, issuer.time.now).registration, {
      initial_access_token_id: stored.initial_access_token_id,
      policy: POLICY,
    });
  });

  for (const [what, request, policy, description] of [
    ['no use', { uses: 0 }, {}, 'an initial access token is good for 1 to 10000 uses'],
    ['too many uses', { uses: 10_001 }, {}, 'an initial access token is good for 1 to 10000 uses'],
    ['no time', { expiresInSeconds: 0 }, {}, 'an initial access token lives a second to 366 days'],
    [
      'more than a year',
      { expiresInSeconds: 366 * 86_400 + 1 },
      {},
      'an initial access token lives a second to 366 days',
    ],
    ['too long a name', { name: 'a'.repeat(201) }, {}, 'name: a name has at most 200 characters'],
    ['no resource', {}, { resources: [] }, 'policy.resources: name at least one resource'],
    [
      'a resource twice',
      {},
      { resources: [...POLICY.resources, ...POLICY.resources] },
      'policy.resources: a resource stands in the list twice',
    ],
    [
      'a resource that is not there',
      {},
      { resources: [{ resource: 'urn:a', scope: [] }] },
      'resources: there is no resource urn:a: create it first',
    ],
    [
      'a scope that its resource does not have',
      {},
      { resources: [{ resource: RESOURCE, scope: ['admin'] }] },
      'resources: https://api.example.com has no scope admin',
    ],
    [
      'no method',
      {},
      { token_endpoint_auth_methods: [] },
      'policy.token_endpoint_auth_methods: name at least one method',
    ],
    [
      'a lifetime that no token has',
      {},
      { access_token_lifetime: 1 },
      'policy.access_token_lifetime: a token lives at least 60 seconds',
    ],
  ] as const) {
    it(`is refused for ${what}`, async () => {
      await assert.rejects(add(request, policy), { code: 'invalid_client_metadata', description });
    });
  }

  it('lets no client be public', async () => {
    await assert.rejects(add({}, { token_endpoint_auth_methods: ['none'] }), {
      code: 'invalid_client_metadata',
    });
  });
});
