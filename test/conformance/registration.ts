import assert from 'node:assert/strict';
import type { OutgoingHttpHeaders } from 'node:http';
import { before, describe, it } from 'node:test';
import * as v from 'valibot';
import { makeClientKey } from '../support/client-assertion.ts';
import { assertAnswer, assertNotAuthenticated, assertToken, UNCACHED } from './answers.ts';
import { ORDERS_SCOPE } from './registrations.ts';
import { basic, type Suite } from './suite.ts';
import type { Answer } from './wire.ts';

const RegisteredSchema = v.looseObject({
  client_id: v.string(),
  client_secret: v.string(),
  registration_access_token: v.string(),
  registration_client_uri: v.string(),
});

type Registered = v.InferOutput<typeof RegisteredSchema>;

const TokenSchema = v.object({ initial_access_token_id: v.string(), initial_access_token: v.string() });

/** What no document may ask for under a token for the only scope `orders:read`, and what it is refused for. */
const BEYOND = [
  ['a scope', { scope: ORDERS_SCOPE }, 'scope: there is one among them that cannot be registered'],
  [
    'a resource',
    { resources: [{ resource: 'https://elsewhere.example.com', scope: [] }] },
    'resources: there is one among them that cannot be registered',
  ],
  [
    'a method',
    { token_endpoint_auth_method: 'none' },
    'token_endpoint_auth_method: it can be client_secret_basic, private_key_jwt',
  ],
  ['a lifetime', { access_token_lifetime: 901 }, 'access_token_lifetime: it can be 900 at most'],
] as const;

/** Dynamic client registration (RFC 7591) and its management (RFC 7592), of an issuer that has them turned on. */
export function describeRegistration(suite: () => Suite): void {
  const endpoint = () => `${suite().issuer}/register`;
  const createToken = async (...options: readonly string[]) => {
    const resource = ['--resource', `${suite().resources.orders} orders:read`];
    const methods = ['--auth-methods', 'client_secret_basic private_key_jwt', '--lifetime', '15m'];
    const created = await suite().target.signet([
      ...['initial-access-tokens', 'create', ...resource, ...methods, ...options],
    ]);
    return v.parse(TokenSchema, created);
  };
  let token: string;
  before(async () => {
    token = (await createToken('--uses', '1000')).initial_access_token;
  });

  const send = (
    method: string,
    url: string,
    bearer: string | undefined,
    document?: object | string,
    headers: OutgoingHttpHeaders = {},
  ) =>
    suite().wire.send(url, {
      method,
      headers: {
        ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
        ...(document === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body: typeof document === 'object' ? JSON.stringify(document) : (document ?? ''),
    });
  const register = (document: object | string = {}, bearer: string | undefined = token) =>
    send('POST', endpoint(), bearer, document);
  const registered = async (document: object = {}): Promise<Registered> =>
    v.parse(RegisteredSchema, JSON.parse((await register(document)).text));
  const manage = (method: string, client: Registered, document?: object) =>
    send(method, client.registration_client_uri, client.registration_access_token, document);
  const requestToken = (client: Registered) => suite().requestToken(client, { scope: 'orders:read' });

  const common = (client: Registered) => ({
    client_id: client.client_id,
    client_id_issued_at: Object(client)['client_id_issued_at'],
    registration_access_token: client.registration_access_token,
    registration_client_uri: `${endpoint()}?client_id=${client.client_id}`,
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['client_credentials'],
    response_types: [],
    scope: 'orders:read',
    access_token_lifetime: 900,
  });

  describe('registration', () => {
    it('registers a client, tells all of it once in JSON that no cache keeps, and gives it tokens (RFC 7591 §3.2.1)', async () => {
      const answer = await register({ client_name: 'Zoë’s shop' });
      const client = v.parse(RegisteredSchema, JSON.parse(answer.text));
      const secret = { client_secret: client.client_secret, client_secret_expires_at: 0 };
      const body = { ...common(client), client_name: 'Zoë’s shop', ...secret };
      assertAnswer(answer, { status: 201, headers: UNCACHED, body });
      assert.ok(Math.abs(Number(body.client_id_issued_at) - Date.now() / 1000) < 60);
      assertToken(await requestToken(client), { scope: 'orders:read', expires_in: 900 });
    });

    it('gives each client an identifier and a secret of its own, whatever it asks for (RFC 7591 §3.2.1, §5)', async () => {
      const document = { client_name: 'Shop', software_id: 'shop', software_version: '1' };
      const [client, other] = [await registered(document), await registered(document)];
      for (const member of ['client_id', 'client_secret', 'registration_access_token'] as const)
        assert.notEqual(client[member], other[member]);
    });

    it('gives no secret to a client that has a key (RFC 7591 §3.2.1)', async () => {
      const { jwk } = makeClientKey('P-256');
      const document = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } };
      const body = JSON.parse((await register(document)).text);
      assert.deepEqual(body, { ...common(body), ...document });
    });

    it('ignores the metadata that it does not know, and that which is null (RFC 7591 §2)', async () => {
      const unknown = { redirect_uris: ['a'], contacts: ['a'], 'client_name#de': 'a', enabled: false, x: {} };
      const chosen = { client_id: 'admin', sub: 'admin' };
      const body = JSON.parse((await register({ ...unknown, ...chosen, scope: null })).text);
      const { client_secret, client_secret_expires_at, ...rest } = body;
      assert.deepEqual(rest, common(body));
      assert.notEqual(body.client_id, 'admin');
    });

    it('says what it registered where that is not what was asked (RFC 7591 §3.2.1)', async () => {
      const document = { grant_types: ['refresh_token', 'client_credentials'], response_types: ['code'] };
      const { grant_types, response_types } = JSON.parse((await register(document)).text);
      assert.deepEqual([grant_types, response_types], [['client_credentials'], []]);
    });

    for (const [what, document, description] of BEYOND) {
      it(`refuses ${what} beyond what the initial access token allows as invalid_client_metadata (RFC 7591 §3.2.2)`, async () => {
        assertRefused(await register(document), 'invalid_client_metadata', description);
      });
    }

    for (const [what, document, description] of [
      [
        'jwks beside jwks_uri',
        { jwks: { keys: [] }, jwks_uri: 'https://example.com/jwks' },
        'jwks: it cannot stand beside jwks_uri',
      ],
      [
        'jwks that are no JWK Set',
        { jwks: [] },
        'jwks.keys: a JWK Set has an array of keys (RFC 7517 section 5)',
      ],
      [
        'a grant that it does not have',
        { grant_types: ['authorization_code'] },
        'grant_types: the issuer has the grant client_credentials alone',
      ],
      [
        'a member of another type',
        { scope: ['orders:read'] },
        'scope: it is not of the form that it should have (RFC 7591 section 2)',
      ],
    ] as const) {
      it(`refuses ${what} as invalid_client_metadata (RFC 7591 §2, §3.2.2)`, async () => {
        assertRefused(await register(document), 'invalid_client_metadata', description);
      });
    }

    it('refuses a software statement as unapproved_software_statement (RFC 7591 §3.2.2)', async () => {
      const description = 'the issuer trusts no issuer of software statements: leave it out';
      assertRefused(
        await register({ software_statement: 'a.b.c' }),
        'unapproved_software_statement',
        description,
      );
    });

    for (const [what, document, description] of [
      ['no JSON', 'client_name=a', 'the body is no JSON (RFC 8259)'],
      ['a list', '[]', 'the body is no JSON object'],
      [
        'a member that stands twice',
        '{"scope":"a","scope":"b"}',
        'a member stands in the body more than once',
      ],
      ['__proto__', '{"__proto__":{}}', 'a member of the body has a name that is none'],
      [
        'too many levels',
        `{"a":${'['.repeat(999)}${']'.repeat(999)}}`,
        'the body is more than 8 levels deep',
      ],
      ['too many bytes', JSON.stringify({ a: 'a'.repeat(65_536) }), 'the body has more than 65536 bytes'],
    ] as const) {
      it(`refuses a body of ${what} as invalid_request (RFC 7591 §3.1)`, async () => {
        assertRefused(await register(document), 'invalid_request', description);
      });
    }

    it('refuses a body that is not application/json as invalid_request (RFC 7591 §3.1)', async () => {
      const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const description = 'the Content-Type is not application/json (RFC 7591 section 3.1)';
      assertRefused(await send('POST', endpoint(), token, 'a=b', type), 'invalid_request', description);
    });

    it('asks for a token, and says of no error, where none was sent (RFC 6750 §3.1)', async () => {
      const description = 'the request has no bearer token in its Authorization header';
      for (const Authorization of [undefined, basic(suite().clients.shop), 'Bearer']) {
        const answer = await send('POST', endpoint(), undefined, {}, { Authorization });
        assertNoToken(answer, 'Bearer realm="signet"', description);
      }
    });

    it('refuses a token in the request URI as invalid_request, also beside the same one in the header (RFC 6750 §2, §3, §5.3)', async () => {
      const { registration_client_uri, registration_access_token } = await registered();
      const headers = { ...UNCACHED, 'www-authenticate': 'Bearer realm="signet", error="invalid_request"' };
      const error_description = 'a token is not taken from the request URI (RFC 6750 section 5.3)';
      const body = { error: 'invalid_request', error_description };
      for (const [method, url, secret, document] of [
        ['POST', `${endpoint()}?`, token, {}],
        ['GET', `${registration_client_uri}&`, registration_access_token, undefined],
      ] as const) {
        for (const bearer of [undefined, secret]) {
          const answer = await send(method, `${url}access_token=${secret}`, bearer, document);
          assertAnswer(answer, { status: 400, headers, body });
        }
      }
    });

    it('refuses a token that is none, a client secret, and one that was revoked, alike (RFC 7591 §3, RFC 6750 §3.1)', async () => {
      const revoked = await createToken();
      await suite().target.signet(['initial-access-tokens', 'revoke', revoked.initial_access_token_id]);
      const secrets = ['garbage', suite().clients.shop.client_secret, revoked.initial_access_token];
      for (const secret of secrets) assertInvalidToken(await register({}, secret));
    });

    it('registers as many clients by a token as it is for, whatever races (RFC 7591 §5)', async () => {
      const { initial_access_token: once } = await createToken();
      const answers = await Promise.all([1, 2, 3, 4].map(() => register({}, once)));
      const won = answers.filter(({ status }) => status === 201);
      assert.equal(won.length, 1);
      for (const answer of answers.filter((each) => !won.includes(each))) assertInvalidToken(answer);
    });

    it('is no way for the token of a client to its registration, and the other way round', async () => {
      const client = await registered();
      assertInvalidToken(await register({}, client.registration_access_token));
      assertInvalidToken(await send('GET', client.registration_client_uri, token));
    });
  });

  describe('registration management', () => {
    it('reads a registration: all that was told but the secret (RFC 7592 §2.1)', async () => {
      const client = await registered({ client_name: 'Shop' });
      const body = { ...common(client), client_name: 'Shop' };
      assertAnswer(await manage('GET', client), { status: 200, headers: UNCACHED, body });
    });

    it('replaces a registration as a whole: what is not said is as at first (RFC 7592 §2.2)', async () => {
      const client = await registered({ client_name: 'Shop', access_token_lifetime: 60 });
      const { client_id, client_secret } = client;
      const answer = await manage('PUT', client, { client_id, client_secret, scope: '' });
      const body = { ...common(client), scope: '', client_secret, client_secret_expires_at: 0 };
      assertAnswer(answer, { status: 200, headers: UNCACHED, body });
      const { client_secret: _, client_secret_expires_at, ...read } = body;
      assertAnswer(await manage('GET', client), { status: 200, headers: UNCACHED, body: read });
    });

    it('issues a new secret to a client that names none, and takes the old one too (RFC 7592 §2.2)', async () => {
      const client = await registered();
      const answer = await manage('PUT', client, { client_id: client.client_id });
      const changed = v.parse(RegisteredSchema, JSON.parse(answer.text));
      assert.notEqual(changed.client_secret, client.client_secret);
      for (const each of [client, changed]) assert.equal((await requestToken(each)).status, 200);
    });

    for (const [what, document] of [
      ['another client_id', { client_id: 'another' }],
      ['no client_id', { client_id: undefined }],
      ['a secret of its own choice', { client_secret: 'a'.repeat(64) }],
      ['registration_access_token', { registration_access_token: 'a' }],
      ['registration_client_uri', { registration_client_uri: 'a' }],
      ['client_secret_expires_at', { client_secret_expires_at: 0 }],
      ['client_id_issued_at', { client_id_issued_at: 0 }],
      ...BEYOND.map(([beyond, asked]) => [`${beyond} beyond its policy`, asked] as const),
    ] as const) {
      it(`refuses ${what} in a replacement, and changes nothing (RFC 7592 §2.2)`, async () => {
        const client = await registered();
        const answer = await manage('PUT', client, { client_id: client.client_id, ...document });
        assert.deepEqual([answer.status, JSON.parse(answer.text).error], [400, 'invalid_client_metadata']);
        const read = await manage('GET', client);
        assertAnswer(read, { status: 200, headers: UNCACHED, body: common(client) });
      });
    }

    it('deletes a client, which gets no token then, and answers 401 to its registration token (RFC 7592 §2, §2.3)', async () => {
      const client = await registered();
      assertAnswer(await manage('DELETE', client), { status: 204, headers: UNCACHED });
      assertNotAuthenticated(await requestToken(client));
      const { client_id } = client;
      for (const method of ['GET', 'DELETE']) assertInvalidToken(await manage(method, client));
      assertInvalidToken(await manage('PUT', client, { client_id }));
    });

    it('answers 401 to the token of another client, and to a client that is not there, alike (RFC 7592 §2)', async () => {
      const [client, other] = [await registered(), await registered()];
      const url = (client_id: string) => `${endpoint()}?${new URLSearchParams({ client_id })}`;
      const { registration_access_token } = client;
      for (const url_ of [
        other.registration_client_uri,
        url('nobody'),
        url(suite().clients.shop.client_id),
        endpoint(),
      ]) {
        for (const method of ['GET', 'DELETE']) {
          assertInvalidToken(await send(method, url_, registration_access_token));
        }
        assertInvalidToken(
          await send('PUT', url_, registration_access_token, { client_id: other.client_id }),
        );
      }
      assert.equal((await manage('GET', other)).status, 200);
    });

    it('answers 403 to a client that an operator disabled, whatever it wants (RFC 7592 §2.1, §2.2, §2.3)', async () => {
      const client = await registered();
      await suite().target.signet(['clients', 'disable', client.client_id]);
      const headers = { ...UNCACHED, 'www-authenticate': 'Bearer realm="signet"' };
      const body = { error: 'access_denied', error_description: 'the client is disabled' };
      const document = { client_id: client.client_id };
      for (const answer of [
        await manage('GET', client),
        await manage('PUT', client, document),
        await manage('DELETE', client),
      ]) {
        assertAnswer(answer, { status: 403, headers, body });
      }
    });
  });
}

function assertRefused(answer: Answer, error: string, error_description: string): void {
  assertAnswer(answer, { status: 400, headers: UNCACHED, body: { error, error_description } });
}

function assertInvalidToken(answer: Answer): void {
  const challenge = 'Bearer realm="signet", error="invalid_token"';
  assertNoToken(answer, challenge, 'the token is not good for this');
}

function assertNoToken(answer: Answer, challenge: string, error_description: string): void {
  const headers = { ...UNCACHED, 'www-authenticate': challenge };
  assertAnswer(answer, { status: 401, headers, body: { error: 'invalid_token', error_description } });
}
