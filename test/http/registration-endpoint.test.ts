import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { REGISTRATION_MAX_BYTES } from '../../core/limits.ts';
import type { SentRequest } from '../support/api-gateway-events.ts';
import { type EVENTS, inMemoryEndpoints } from '../support/in-memory-endpoints.ts';
import { createRegisteringIssuer, type RegisteringIssuer } from '../support/registering.ts';

const UNCACHED = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', Pragma: 'no-cache' };

describe('the handler of the registration endpoint', () => {
  let issuer: RegisteringIssuer;
  let token: string;
  beforeEach(async () => {
    issuer = await createRegisteringIssuer();
    token = await issuer.initialAccessToken({}, 10_000);
  });
  const endpoints = () => inMemoryEndpoints(issuer, issuer);
  const posted = (body: string | Buffer, headers: SentRequest['headers'] = {}): SentRequest => ({
    method: 'POST',
    path: '/register',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
    body,
  });

  for (const api of ['HTTP API', 'REST API'] as const satisfies (keyof typeof EVENTS)[]) {
    it(`registers, reads, changes and deletes a client behind a ${api}, and logs no secret`, async () => {
      const { send, lines } = endpoints();
      const registered = await send(
        posted('{"client_name":"Zoë"}', { 'Content-Type': 'application/json; charset=utf-8' }),
        api,
      );
      assert.deepEqual([registered.statusCode, registered.headers], [201, UNCACHED]);
      const { client_id, client_secret, registration_access_token } = JSON.parse(registered.body);
      const managed = (method: string, body?: string): SentRequest => ({
        ...posted(body ?? '', { Authorization: `Bearer ${registration_access_token}` }),
        method,
        query: `client_id=${client_id}`,
      });
      const read = await send(managed('GET'), api);
      assert.deepEqual(
        [read.statusCode, read.headers, JSON.parse(read.body).client_name],
        [200, UNCACHED, 'Zoë'],
      );
      const changed = await send(managed('PUT', JSON.stringify({ client_id })), api);
      assert.deepEqual([changed.statusCode, changed.headers], [200, UNCACHED]);
      assert.equal(JSON.parse(changed.body).client_name, undefined);
      const deleted = await send(managed('DELETE'), api);
      assert.deepEqual(deleted, { statusCode: 204, headers: UNCACHED, body: '' });
      const refused = await send(managed('GET'), api);
      assert.deepEqual(
        [refused.statusCode, refused.headers],
        [401, { ...UNCACHED, 'WWW-Authenticate': 'Bearer realm="signet", error="invalid_token"' }],
      );
      const secrets = [
        token,
        client_secret,
        registration_access_token,
        'Zoë',
        JSON.parse(changed.body).client_secret,
      ];
      for (const secret of secrets) assert.ok(!JSON.stringify(lines).includes(secret));
      assert.deepEqual(
        lines.map(({ method, status, client_id: id }) => [method, status, id]),
        [
          ['POST', 201, client_id],
          ['GET', 200, client_id],
          ['PUT', 200, client_id],
          ['DELETE', 204, client_id],
          ['GET', 401, undefined],
        ],
      );
    });
  }

  for (const [what, request, description] of [
    [
      'a form',
      () => posted('client_name=a', { 'Content-Type': 'application/x-www-form-urlencoded' }),
      'the Content-Type is not application/json (RFC 7591 section 3.1)',
    ],
    [
      'JSON of another type',
      () => posted('{}', { 'Content-Type': 'application/jsonp' }),
      'the Content-Type is not application/json (RFC 7591 section 3.1)',
    ],
    [
      'no content type',
      () => ({ method: 'POST', path: '/register', body: '{}' }),
      'the Content-Type is not application/json (RFC 7591 section 3.1)',
    ],
    [
      'a body that is too long',
      () => posted(`{"a":"${'a'.repeat(REGISTRATION_MAX_BYTES)}"}`),
      `the body has more than ${REGISTRATION_MAX_BYTES} bytes`,
    ],
    [
      'bytes that are no UTF-8',
      () => posted(Buffer.from([0x7b, 0xff, 0x7d])),
      'the body is not UTF-8 (RFC 8259 section 8.1)',
    ],
    ['UTF-16', () => posted(Buffer.from('{}', 'utf16le')), 'the body is no JSON (RFC 8259)'],
    [
      'a member twice',
      () => posted('{"scope":"read","scope":"write"}'),
      'a member stands in the body more than once',
    ],
  ] as const) {
    it(`refuses ${what} as invalid_request`, async () => {
      const { statusCode, headers, body } = await endpoints().send(request());
      assert.deepEqual(
        [statusCode, headers, JSON.parse(body)],
        [400, UNCACHED, { error: 'invalid_request', error_description: description }],
      );
    });
  }

  for (const method of ['PATCH', 'OPTIONS', 'HEAD', 'TRACE', 'constructor']) {
    it(`answers 405 with Allow to ${method} (RFC 9110 §15.5.6)`, async () => {
      const { statusCode, headers } = await endpoints().send({ ...posted(''), method });
      assert.deepEqual([statusCode, headers['Allow']], [405, 'POST, GET, PUT, DELETE']);
    });
  }

  it('is not there, and not in the metadata, unless it is turned on', async () => {
    const { send } = inMemoryEndpoints(issuer);
    assert.equal((await send(posted('{}'))).statusCode, 404);
    const metadata = async ({ send: ask }: Pick<ReturnType<typeof endpoints>, 'send'>) =>
      JSON.parse((await ask({ path: '/.well-known/oauth-authorization-server' })).body);
    assert.equal((await metadata({ send })).registration_endpoint, undefined);
    const { registration_endpoint, ...rest } = await metadata(endpoints());
    assert.equal(registration_endpoint, 'https://auth.example.com/register');
    assert.deepEqual(rest, await metadata({ send }));
  });

  it('answers with less than 500, whatever comes', async () => {
    const { send, lines } = endpoints();
    const good = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const request = fc.record({
      method: fc.constantFrom('POST', 'PUT', 'GET', 'DELETE'),
      query: fc.oneof(fc.constant('client_id=backend'), fc.webQueryParameters()),
      authorization: fc.oneof(fc.constant(good.Authorization), fc.string()),
      body: fc.oneof(
        fc.json(),
        fc.string({ unit: 'binary' }),
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      ),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ method, query, authorization, body }) => {
        const headers = { ...good, Authorization: authorization };
        const { statusCode } = await send({ method, path: '/register', query, headers, body });
        assert.ok(statusCode < 500, String(statusCode));
      }),
    );
    assert.ok(lines.every(({ fault }) => fault === undefined));
  });
});
