import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { ApiGatewayResponse } from '../../http/api-gateway.ts';
import type { SentRequest } from '../support/api-gateway-events.ts';
import { EVENTS, inMemoryEndpoints, post } from '../support/in-memory-endpoints.ts';
import { basic } from '../support/oauth-request.ts';
import { createTestIssuer, type TestIssuer } from '../support/test-issuer.ts';

const GRANT = { grant_type: 'client_credentials' };

/** An answer without what is another each time: the token, and how long the answer took. */
function comparable({ body, ...answer }: ApiGatewayResponse): object {
  return { ...answer, body: body.replace(/"access_token":"[\w.-]+"/, '"access_token":"…"') };
}

describe('an endpoint', () => {
  let issuer: TestIssuer;
  before(async () => {
    issuer = await createTestIssuer();
  });
  const authorized = (): SentRequest['headers'] => ({
    authorization: basic('backend', issuer.client_secret),
  });

  const requests: readonly [string, number, () => SentRequest][] = [
    ['a token by Basic', 200, () => post('/token', GRANT, authorized())],
    [
      'a token by POST',
      200,
      () => post('/token', { ...GRANT, client_id: 'backend', client_secret: issuer.client_secret }),
    ],
    [
      'a scope that the client does not have',
      400,
      () => post('/token', { ...GRANT, scope: 'Zoë' }, authorized()),
    ],
    [
      'a token with two Authorization headers',
      400,
      () => post('/token', GRANT, { Authorization: ['Basic YTpi', 'Basic YTpi'] }),
    ],
    [
      'a token with a secret in the URI',
      400,
      () => ({ ...post('/token', GRANT, authorized()), query: 'client_secret=a' }),
    ],
    ['a token without credentials', 401, () => post('/token', GRANT)],
    ['a token by GET', 405, () => ({ path: '/token', query: 'grant_type=client_credentials' })],
    ['introspection', 200, () => post('/introspect', { token: 'garbage' }, authorized())],
    ['revocation', 200, () => post('/revoke', { token: 'garbage' }, authorized())],
    ['the JWKS', 200, () => ({ path: '/.well-known/jwks.json' })],
    ['the metadata', 200, () => ({ path: '/.well-known/oauth-authorization-server' })],
    ['the head of the metadata', 200, () => ({ method: 'HEAD', path: '/.well-known/openid-configuration' })],
    [
      'what it has already',
      304,
      () => ({ path: '/.well-known/jwks.json', headers: { 'If-None-Match': '*' } }),
    ],
    ['a preflight', 204, () => ({ method: 'OPTIONS', path: '/.well-known/jwks.json' })],
    ['what is not there', 404, () => ({ path: '/authorize', query: 'response_type=code' })],
  ];
  for (const [what, status, request] of requests) {
    it(`answers ${status} to a request for ${what}, the same behind an HTTP API and a REST API`, async () => {
      const { send, lines } = inMemoryEndpoints(issuer);
      const answers = await Promise.all(
        (['HTTP API', 'REST API'] as const).map((api) => send(request(), api)),
      );
      const [answer] = answers;
      assert.ok(answer);
      assert.equal(answer.statusCode, status);
      for (const other of answers) assert.deepEqual(comparable(other), comparable(answer));
      const [line, otherLine] = lines.map(({ time, duration_ms, cold_start, jti, ...rest }) => rest);
      assert.equal(lines.length, Object.keys(EVENTS).length);
      assert.deepEqual(line, otherLine);
    });
  }
});
