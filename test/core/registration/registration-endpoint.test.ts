import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createClientSecret, hashClientSecret } from '../../../core/client-secret.ts';
import { listAll } from '../../../core/management/list-all.ts';
import {
  createInitialAccessToken,
  initialAccessTokenId,
} from '../../../core/registration/initial-access-token.ts';
import {
  createRegistrationAccessToken,
  hashRegistrationAccessToken,
} from '../../../core/registration/registration-access-token.ts';
import { registerClient } from '../../../core/registration/registration-endpoint.ts';
import { makeClientKey } from '../../support/client-assertion.ts';
import { clientId } from '../../support/records.ts';
import {
  createRegisteringIssuer,
  OTHER_RESOURCE,
  POLICY,
  type RegisteredClient,
  type RegisteringIssuer,
} from '../../support/registering.ts';
import { RESOURCE } from '../../support/test-issuer.ts';

const { jwk } = makeClientKey('P-256');
const SEVERAL = {
  resources: [...POLICY.resources, { resource: OTHER_RESOURCE, scope: ['stock'] }],
};

describe('the client registration endpoint', () => {
  let issuer: RegisteringIssuer;
  beforeEach(async () => {
    issuer = await createRegisteringIssuer();
  });
  const clientCount = async () => (await listAll(issuer.clients)).length;
  const usesLeft = async () => (await listAll(issuer.initialAccessTokens)).map(({ uses_left }) => uses_left);

  it('registers a client that says nothing as what RFC 7591 §2 and the policy have by default', async () => {
    const answer = (await issuer.registered()) as RegisteredClient;
    const { client_id, client_secret, registration_access_token } = answer;
    assert.deepEqual(answer, {
      client_id,
      client_id_issued_at: issuer.time.now,
      client_secret,
      client_secret_expires_at: 0,
      registration_access_token,
      registration_client_uri: `https://auth.example.com/register?client_id=${client_id}`,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['client_credentials'],
      response_types: [],
      scope: 'read',
      access_token_lifetime: 600,
    });
    assert.match(client_secret, /^signet_secret_/);
    assert.match(registration_access_token, /^signet_registration_access_/);
    const stored = await issuer.clients.find(clientId(client_id));
    const [{ initial_access_token_id } = assert.fail()] = await listAll(issuer.initialAccessTokens);
    assert.deepEqual(stored?.registration, {
      initial_access_token_id,
      policy: POLICY,
      sha256: hashRegistrationAccessToken(registration_access_token),
    });
    assert.equal(stored?.client_secrets[0]?.sha256, hashClientSecret(client_secret));
    assert.deepEqual(issuer.latest, { client_id, initial_access_token_id });
    assert.ok(!JSON.stringify(stored).includes(registration_access_token));
  });

  it('registers a client as it asks, within the policy', async () => {
    const document = {
      client_name: 'Zoë’s shop',
      token_endpoint_auth_method: 'private_key_jwt',
      grant_types: ['client_credentials', 'refresh_token'],
      resources: [{ resource: OTHER_RESOURCE, scope: [] }],
      access_token_lifetime: 300,
      jwks: { keys: [jwk] },
      redirect_uris: ['https://example.com'],
      'client_name#de': 'Zoës Laden',
      response_types: ['code'],
      contacts: null,
      scope: null,
    };
    const answer = (await issuer.registered(SEVERAL, document)) as RegisteredClient;
    const { client_id, registration_access_token } = answer;
    assert.deepEqual(answer, {
      client_id,
      client_id_issued_at: issuer.time.now,
      registration_access_token,
      registration_client_uri: `https://auth.example.com/register?client_id=${client_id}`,
      client_name: 'Zoë’s shop',
      token_endpoint_auth_method: 'private_key_jwt',
      grant_types: ['client_credentials'],
      response_types: [],
      resources: [{ resource: OTHER_RESOURCE, scope: [] }],
      access_token_lifetime: 300,
      jwks: { keys: [jwk] },
    });
    assert.deepEqual((await issuer.clients.find(clientId(client_id)))?.client_secrets, []);
  });

  for (const [what, policy, document, granted] of [
    ['no scope at all', {}, { scope: '' }, { scope: '' }],
    [
      'the only resource by name',
      {},
      { resources: [{ resource: RESOURCE, scope: ['read'] }] },
      { scope: 'read' },
    ],
    ['all of several resources', SEVERAL, {}, { resources: SEVERAL.resources }],
    ['one of several resources', SEVERAL, { resources: POLICY.resources }, { resources: POLICY.resources }],
  ] as const) {
    it(`registers a client for ${what}`, async () => {
      const { scope, resources } = Object(await issuer.registered(policy, document));
      assert.deepEqual(
        Object.fromEntries(Object.entries({ scope, resources }).filter(([, value]) => value !== undefined)),
        granted,
      );
    });
  }

  it('registers a client without a bound of its own where the policy has none, and as long as it asks', async () => {
    const policy = { access_token_lifetime: undefined };
    assert.equal(Object(await issuer.registered(policy)).access_token_lifetime, undefined);
    const asked = await issuer.registered(policy, { access_token_lifetime: 86_400 });
    assert.equal(Object(asked).access_token_lifetime, 86_400);
  });

  for (const [what, document, description] of [
    [
      'a scope beyond the policy',
      { scope: 'read write' },
      'scope: there is one among them that cannot be registered',
    ],
    [
      'a scope in another case',
      { scope: 'READ' },
      'scope: there is one among them that cannot be registered',
    ],
    [
      'a scope beyond the policy, by resource',
      { resources: [{ resource: RESOURCE, scope: ['write'] }] },
      'scope: there is one among them that cannot be registered',
    ],
    [
      'a scope with two spaces',
      { scope: 'read  read' },
      'scope: it is words of printable ASCII with one space between (RFC 6749 section 3.3)',
    ],
    [
      'a scope that is a list',
      { scope: ['read'] },
      'scope: it is not of the form that it should have (RFC 7591 section 2)',
    ],
    [
      'a resource beyond the policy',
      { resources: [{ resource: OTHER_RESOURCE, scope: [] }] },
      'resources: there is one among them that cannot be registered',
    ],
    [
      'a resource with a slash more',
      { resources: [{ resource: `${RESOURCE}/`, scope: [] }] },
      'resources: there is one among them that cannot be registered',
    ],
    [
      'a good resource and a foreign one',
      { resources: [...POLICY.resources, { resource: 'urn:a', scope: [] }] },
      'resources: there is one among them that cannot be registered',
    ],
    [
      'a resource twice',
      { resources: [...POLICY.resources, ...POLICY.resources] },
      'resources: a resource stands in the list twice',
    ],
    ['no resource', { resources: [] }, 'resources: name at least one'],
    [
      'resources that are none',
      { resources: 'read' },
      'resources: it is not of the form that it should have (RFC 7591 section 2)',
    ],
    [
      'a resource with a member more',
      { resources: [{ ...POLICY.resources[0], claims: {} }] },
      'resources.0.claims: it is not of the form that it should have (RFC 7591 section 2)',
    ],
    [
      'scope beside resources',
      { scope: 'read', resources: POLICY.resources },
      'scope: it cannot stand beside resources, which has the scope of each',
    ],
    ['a longer lifetime', { access_token_lifetime: 601 }, 'access_token_lifetime: it can be 600 at most'],
    [
      'a lifetime that is too short',
      { access_token_lifetime: 1 },
      'access_token_lifetime: a token lives at least 60 seconds',
    ],
    [
      'a lifetime in words',
      { access_token_lifetime: '60' },
      'access_token_lifetime: it is not of the form that it should have (RFC 7591 section 2)',
    ],
    [
      'a method beyond the policy',
      { token_endpoint_auth_method: 'client_secret_post' },
      'token_endpoint_auth_method: it can be client_secret_basic, private_key_jwt',
    ],
    [
      'to be public',
      { token_endpoint_auth_method: 'none' },
      'token_endpoint_auth_method: it can be client_secret_basic, private_key_jwt',
    ],
    [
      'a method that is no text',
      { token_endpoint_auth_method: ['client_secret_basic'] },
      'token_endpoint_auth_method: it is not of the form that it should have (RFC 7591 section 2)',
    ],
    [
      'private_key_jwt without keys',
      { token_endpoint_auth_method: 'private_key_jwt' },
      'jwks: a client with private_key_jwt needs its public keys',
    ],
    [
      'a private key',
      { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ ...jwk, d: 'AQAB' }] } },
      'jwks.keys.0: the key has private members: register its public half alone, and make a new one',
    ],
    [
      'jwks beside jwks_uri',
      { jwks: { keys: [jwk] }, jwks_uri: 'https://example.com/jwks' },
      'jwks: it cannot stand beside jwks_uri',
    ],
    [
      'another grant',
      { grant_types: ['authorization_code'] },
      'grant_types: the issuer has the grant client_credentials alone',
    ],
    ['no grant', { grant_types: [] }, 'grant_types: the issuer has the grant client_credentials alone'],
    [
      'a grant that is no list',
      { grant_types: 'client_credentials' },
      'grant_types: it is not of the form that it should have (RFC 7591 section 2)',
    ],
    [
      'a name that is too long',
      { client_name: 'a'.repeat(201) },
      'client_name: a name has at most 200 characters',
    ],
    [
      'a name that is no text',
      { client_name: {} },
      'client_name: it is not of the form that it should have (RFC 7591 section 2)',
    ],
  ] as const) {
    it(`refuses ${what} as invalid_client_metadata, and uses nothing up (RFC 7591 §3.2.2)`, async () => {
      const token = await issuer.initialAccessToken();
      await assert.rejects(issuer.register(token, document), {
        code: 'invalid_client_metadata',
        description,
      });
      assert.deepEqual([await clientCount(), await usesLeft()], [1, [1]]);
    });
  }

  it('refuses a scope where it would not say of which of several resources it is', async () => {
    const token = await issuer.initialAccessToken(SEVERAL);
    const description = 'scope: say in resources which scope is of which resource';
    await assert.rejects(issuer.register(token, { scope: 'read' }), {
      code: 'invalid_client_metadata',
      description,
    });
  });

  it('refuses every software statement (RFC 7591 §3.2.2)', async () => {
    const token = await issuer.initialAccessToken();
    for (const software_statement of ['a.b.c', '', 1, {}]) {
      await assert.rejects(issuer.register(token, { software_statement }), {
        code: 'unapproved_software_statement',
        status: 400,
      });
    }
    assert.deepEqual([await clientCount(), await usesLeft()], [1, [1]]);
  });

  for (const member of [
    'enabled',
    'claims',
    'roles',
    'groups',
    'subject',
    'default_resource',
    'registration',
    'version',
    'client_id',
    'client_secret',
    'client_secrets',
    'tokens_revoked_at',
    'client_id_issued_at',
    'registration_access_token',
  ]) {
    it(`gives a client nothing by ${member}, which is no member of a registration`, async () => {
      const value = { a: 1 };
      const { client_id } = await issuer.registered({}, { [member]: value });
      assert.match(client_id, /^[0-9A-Za-z]{22}$/);
      assert.ok(!JSON.stringify(await issuer.clients.find(clientId(client_id))).includes('{"a":1}'));
    });
  }

  for (const [what, authorization, challenge, reason] of [
    ['no token', undefined, 'Bearer realm="signet"', 'no_credentials'],
    ['Basic credentials', 'Basic YTpi', 'Bearer realm="signet"', 'no_credentials'],
    ['a scheme alone', 'Bearer', 'Bearer realm="signet"', 'no_credentials'],
    ['two tokens', 'Bearer a,Bearer b', 'Bearer realm="signet", error="invalid_token"', 'malformed'],
    ['two words', 'Bearer a b', 'Bearer realm="signet", error="invalid_token"', 'malformed'],
    ['a string of no one', 'Bearer garbage', 'Bearer realm="signet", error="invalid_token"', 'malformed'],
    [
      'a client secret',
      `Bearer ${createClientSecret()}`,
      'Bearer realm="signet", error="invalid_token"',
      'malformed',
    ],
    [
      'a registration access token',
      `Bearer ${createRegistrationAccessToken()}`,
      'Bearer realm="signet", error="invalid_token"',
      'malformed',
    ],
    [
      'a token of another issuer',
      `bearer  ${createInitialAccessToken()}`,
      'Bearer realm="signet", error="invalid_token"',
      'unknown_token',
    ],
  ] as const) {
    it(`refuses ${what} with 401 before it reads the body (RFC 7591 §3, RFC 6750 §3)`, async () => {
      const request = { authorization, query: new Map(), body: 'not even JSON' };
      await assert.rejects(registerClient(request, issuer, {}), {
        code: 'invalid_token',
        status: 401,
        challenge,
        reason,
      });
    });
  }

  it('refuses a token in the request URI (RFC 6750 §5.3)', async () => {
    const token = await issuer.initialAccessToken();
    const query = new Map([['access_token', [token]]]);
    const request = { authorization: `Bearer ${token}`, query, body: '{}' };
    await assert.rejects(registerClient(request, issuer, {}), { code: 'invalid_request' });
    assert.deepEqual(await usesLeft(), [1]);
  });

  it('refuses a token that has expired, one that was used up and one that was revoked', async () => {
    const [token, spent, revoked] = [
      await issuer.initialAccessToken(),
      await issuer.initialAccessToken(),
      await issuer.initialAccessToken(),
    ];
    await issuer.register(spent);
    await assert.rejects(issuer.register(spent), { code: 'invalid_token', reason: 'token_used_up' });
    const id = initialAccessTokenId(revoked);
    const record = id && (await issuer.initialAccessTokens.find(id));
    assert.ok(record && (await issuer.initialAccessTokens.remove(record)));
    await assert.rejects(issuer.register(revoked), { code: 'invalid_token', reason: 'unknown_token' });
    issuer.time.now += 60;
    await assert.rejects(issuer.register(token), { code: 'invalid_token', reason: 'expired' });
    assert.equal(await clientCount(), 2);
  });

  it('registers as many clients as the token is for, whatever races', async () => {
    const token = await issuer.initialAccessToken({}, 3);
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => issuer.register(token)));
    const registered = outcomes.filter(({ status }) => status === 'fulfilled');
    assert.equal(await clientCount(), 1 + registered.length);
    assert.deepEqual(await usesLeft(), [3 - registered.length]);
    assert.ok(registered.length >= 1);
    for (let count = registered.length; count < 3; count += 1) await issuer.register(token);
    await assert.rejects(issuer.register(token), { reason: 'token_used_up' });
    assert.deepEqual([await clientCount(), await usesLeft()], [4, [0]]);
  });

  it('says so when others keep registering by the same token', async () => {
    const token = await issuer.initialAccessToken();
    const initialAccessTokens = { ...issuer.initialAccessTokens, spend: async () => false };
    const request = { authorization: `Bearer ${token}`, query: new Map(), body: '{}' };
    await assert.rejects(registerClient(request, { ...issuer, initialAccessTokens }, {}), {
      code: 'conflict',
    });
  });

  it('loses neither a use nor makes a client when the store breaks on the way', async () => {
    const token = await issuer.initialAccessToken();
    const broken = async () => Promise.reject(new Error('the store is broken'));
    const initialAccessTokens = { ...issuer.initialAccessTokens, spend: broken };
    const request = { authorization: `Bearer ${token}`, query: new Map(), body: '{}' };
    await assert.rejects(registerClient(request, { ...issuer, initialAccessTokens }, {}), /broken/);
    assert.deepEqual([await clientCount(), await usesLeft()], [1, [1]]);
  });
});
