import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createClientSecret, matchClientSecret } from '../../../core/client-secret.ts';
import { addClientSecret } from '../../../core/management/client-secrets.ts';
import { deleteClient, setClientEnabled, updateClient } from '../../../core/management/clients.ts';
import { readClientConfiguration } from '../../../core/registration/client-configuration-endpoint.ts';
import { createRegistrationAccessToken } from '../../../core/registration/registration-access-token.ts';
import { makeClientKey } from '../../support/client-assertion.ts';
import { clientId } from '../../support/records.ts';
import {
  createRegisteringIssuer,
  type RegisteredClient,
  type RegisteringIssuer,
} from '../../support/registering.ts';
import { RESOURCE } from '../../support/test-issuer.ts';

const { jwk } = makeClientKey('P-256');

describe('the client configuration endpoint', () => {
  let issuer: RegisteringIssuer;
  let client: RegisteredClient;
  beforeEach(async () => {
    issuer = await createRegisteringIssuer();
    client = await issuer.registered({}, { client_name: 'Shop' });
  });
  const stored = async () => (await issuer.clients.find(clientId(client.client_id))) ?? assert.fail();
  const opens = async (secret: string) =>
    matchClientSecret(secret, (await stored()).client_secrets, issuer.time.now).match === 'match';
  const withoutSecret = () => {
    const { client_secret, client_secret_expires_at, ...rest } = Object(client);
    return rest;
  };

  it('reads what was registered, without the secret, of which only a hash is kept (RFC 7592 §2.1)', async () => {
    assert.deepEqual(await issuer.read(client), withoutSecret());
    assert.deepEqual(issuer.latest, { client_id: client.client_id });
  });

  it('is managed by its token for as long as it is registered (RFC 7592 §5)', async () => {
    issuer.time.now += 10 * 365 * 86_400;
    assert.equal(Object(await issuer.read(client)).client_id, client.client_id);
    const updated = Object(await issuer.update(client));
    assert.equal(updated.registration_access_token, client.registration_access_token);
  });

  it('replaces the whole: what is not said is reset, what an operator said stays (RFC 7592 §2.2)', async () => {
    await updateClient(clientId(client.client_id), { subject: 'accounts/shop' }, issuer);
    const { client_name, ...rest } = withoutSecret();
    const answer = await issuer.update(client, {
      client_secret: client.client_secret,
      scope: '',
      access_token_lifetime: 60,
    });
    const { client_secret } = client;
    const expected = {
      ...rest,
      scope: '',
      access_token_lifetime: 60,
      client_secret,
      client_secret_expires_at: 0,
    };
    assert.deepEqual(answer, expected);
    assert.equal(client_name, 'Shop');
    assert.equal((await stored()).subject, 'accounts/shop');
    assert.deepEqual(await issuer.read(client), { ...rest, scope: '', access_token_lifetime: 60 });
  });

  it('takes back what it told, but for what it issued (RFC 7592 §2.2)', async () => {
    const { registration_access_token, registration_client_uri, client_id_issued_at, ...told } =
      withoutSecret();
    const { client_secret } = client;
    const answer = await issuer.update(client, { ...told, client_secret });
    assert.deepEqual(answer, { ...withoutSecret(), client_secret, client_secret_expires_at: 0 });
  });

  it('rotates the secret of a client that names none, and lets two overlap', async () => {
    const second = (await issuer.update(client)) as RegisteredClient;
    assert.notEqual(second.client_secret, client.client_secret);
    assert.equal(second.registration_access_token, client.registration_access_token);
    assert.deepEqual([await opens(client.client_secret), await opens(second.client_secret)], [true, true]);
    const third = (await issuer.update(client)) as RegisteredClient;
    const secrets = [client, second, third].map(({ client_secret }) => client_secret);
    assert.deepEqual(await Promise.all(secrets.map(opens)), [false, true, true]);
    const named = Object(await issuer.update(client, { client_secret: third.client_secret }));
    assert.deepEqual([named.client_secret, named.client_secret_expires_at], [third.client_secret, 0]);
    assert.deepEqual(await Promise.all(secrets.map(opens)), [false, false, true]);
  });

  it('says until when a secret is good that the client names', async () => {
    const added = await addClientSecret(clientId(client.client_id), { expiresInSeconds: 60 }, issuer);
    const answer = await issuer.update(client, { client_secret: added.client_secret });
    assert.equal(Object(answer).client_secret_expires_at, issuer.time.now + 60);
  });

  it('takes the secrets of a client that comes to need none, and gives one to a client that comes to need it', async () => {
    const keyed = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } };
    const answer = Object(await issuer.update(client, keyed));
    assert.deepEqual([answer.client_secret, answer.jwks], [undefined, { keys: [jwk] }]);
    assert.deepEqual((await stored()).client_secrets, []);
    const again = (await issuer.update(client)) as RegisteredClient;
    assert.equal(await opens(again.client_secret), true);
    assert.equal(Object(again).jwks, undefined);
  });

  for (const [what, document, description] of [
    [
      'another client_id',
      { client_id: 'backend' },
      'client_id: it has to be that of the client (RFC 7592 section 2.2)',
    ],
    [
      'no client_id',
      { client_id: undefined },
      'client_id: it has to be that of the client (RFC 7592 section 2.2)',
    ],
    [
      'a client_id that is no text',
      { client_id: [] },
      'client_id: it has to be that of the client (RFC 7592 section 2.2)',
    ],
    [
      'a secret of its own choice',
      { client_secret: createClientSecret() },
      'client_secret: it is none of the client: leave it out to have a new one made (RFC 7592 section 2.2)',
    ],
    [
      'an empty secret',
      { client_secret: '' },
      'client_secret: it is none of the client: leave it out to have a new one made (RFC 7592 section 2.2)',
    ],
    [
      'a secret that is no text',
      { client_secret: 1 },
      'client_secret: it is the secret of the client, or not there',
    ],
    [
      'registration_access_token',
      { registration_access_token: 'a' },
      'registration_access_token: the issuer decides it, so leave it out (RFC 7592 section 2.2)',
    ],
    [
      'registration_client_uri',
      { registration_client_uri: 'a' },
      'registration_client_uri: the issuer decides it, so leave it out (RFC 7592 section 2.2)',
    ],
    [
      'client_secret_expires_at',
      { client_secret_expires_at: 0 },
      'client_secret_expires_at: the issuer decides it, so leave it out (RFC 7592 section 2.2)',
    ],
    [
      'client_id_issued_at',
      { client_id_issued_at: 0 },
      'client_id_issued_at: the issuer decides it, so leave it out (RFC 7592 section 2.2)',
    ],
    [
      'a scope beyond the policy',
      { scope: 'write' },
      'scope: there is one among them that cannot be registered',
    ],
    [
      'a resource beyond the policy',
      { resources: [{ resource: `${RESOURCE}/`, scope: [] }] },
      'resources: there is one among them that cannot be registered',
    ],
    [
      'to be public',
      { token_endpoint_auth_method: 'none' },
      'token_endpoint_auth_method: it can be client_secret_basic, private_key_jwt',
    ],
  ] as const) {
    it(`refuses ${what} as invalid_client_metadata, and changes nothing (RFC 7592 §2.2)`, async () => {
      const before = await stored();
      await assert.rejects(issuer.update(client, document), { code: 'invalid_client_metadata', description });
      assert.deepEqual(await stored(), before);
    });
  }

  it('takes a secret that is null for none', async () => {
    const { client_secret } = (await issuer.update(client, { client_secret: null })) as RegisteredClient;
    assert.equal(await opens(client_secret), true);
  });

  it('deletes the client with all that it had, and its token is good for nothing then (RFC 7592 §2.3)', async () => {
    assert.equal(await issuer.remove(client), undefined);
    assert.equal(await issuer.clients.find(clientId(client.client_id)), undefined);
    for (const request of [issuer.read, issuer.update, issuer.remove]) {
      await assert.rejects(request(client), { code: 'invalid_token', reason: 'unknown_client' });
    }
  });

  it('answers 401 when the client is deleted while it is being changed (RFC 7592 §2)', async () => {
    for (const change of [issuer.update, issuer.remove]) {
      const racing = await createRegisteringIssuer();
      const other = await racing.registered();
      const clients = racing.clients;
      const find = clients.find;
      let reads = 0;
      Object.assign(clients, {
        find: async (id: Parameters<typeof find>[0]) => {
          reads += 1;
          if (reads === 2) await deleteClient(id, { clients: { ...clients, find } });
          return find(id);
        },
      });
      const request = change === issuer.update ? racing.update : racing.remove;
      await assert.rejects(request(other), { code: 'invalid_token', status: 401, reason: 'unknown_client' });
    }
  });

  it('passes on what breaks underneath', async () => {
    Object.assign(issuer.clients, { remove: async () => Promise.reject(new Error('broken')) });
    await assert.rejects(issuer.remove(client), /broken/);
  });

  it('refuses a client that an operator disabled with 403 (RFC 7592 §2.1)', async () => {
    await setClientEnabled(clientId(client.client_id), false, issuer);
    for (const request of [issuer.read, issuer.update, issuer.remove]) {
      await assert.rejects(request(client), {
        code: 'access_denied',
        status: 403,
        reason: 'client_disabled',
      });
    }
  });

  for (const [what, changes, reason] of [
    [
      'a token of another client',
      async () => ({ registration_access_token: (await issuer.registered()).registration_access_token }),
      'unknown_token',
    ],
    [
      'a token of no one',
      async () => ({ registration_access_token: createRegistrationAccessToken() }),
      'unknown_token',
    ],
    [
      'the initial access token',
      async () => ({ registration_access_token: await issuer.initialAccessToken() }),
      'unknown_token',
    ],
    [
      'the secret of the client',
      async () => ({ registration_access_token: client.client_secret }),
      'unknown_token',
    ],
    ['a client of an operator', async () => ({ client_id: 'backend' }), 'unknown_token'],
    ['a client that is not there', async () => ({ client_id: 'nobody' }), 'unknown_client'],
    ['a client_id that can be none', async () => ({ client_id: 'Zoë' }), 'unknown_client'],
  ] as const) {
    it(`refuses ${what} with 401, by the same answer (RFC 7592 §2)`, async () => {
      const presented = { ...client, ...(await changes()) };
      for (const request of [issuer.read, issuer.update, issuer.remove]) {
        await assert.rejects(request(presented), {
          code: 'invalid_token',
          status: 401,
          description: 'the token is not good for this',
          challenge: 'Bearer realm="signet", error="invalid_token"',
          reason,
        });
      }
      assert.equal((await stored()).version, 1);
    });
  }

  for (const [what, query, code] of [
    ['no client_id', new Map(), 'invalid_token'],
    ['two of them', () => new Map([['client_id', [client.client_id, client.client_id]]]), 'invalid_request'],
    [
      'a token',
      () =>
        new Map([
          ['client_id', [client.client_id]],
          ['access_token', ['a']],
        ]),
      'invalid_request',
    ],
  ] as const) {
    it(`refuses ${what} in the request URI`, async () => {
      const authorization = `Bearer ${client.registration_access_token}`;
      const request = { authorization, query: typeof query === 'function' ? query() : query, body: '' };
      await assert.rejects(readClientConfiguration(request, issuer, {}), { code });
    });
  }
});
