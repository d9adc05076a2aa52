import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import middy from '@middy/core';
import { decodeJwt } from '../../core/jose/jwt.ts';
import type { ApiGatewayResponse } from '../../http/api-gateway.ts';
import { endpoint } from '../../http/endpoint.ts';
import { type Exchange, openExchange } from '../../http/exchange.ts';
import { type RequestLogLine, requestLog } from '../../http/request-log.ts';
import { httpApiEvent, REQUEST_ID, SOURCE_IP } from '../support/api-gateway-events.ts';
import { inMemoryEndpoints, post } from '../support/in-memory-endpoints.ts';
import { basic } from '../support/oauth-request.ts';
import { createTestIssuer, RESOURCE } from '../support/test-issuer.ts';

const REQUEST = { request_id: REQUEST_ID, source_ip: SOURCE_IP };

/** A line without what the machine's own clock says, which has to be there and of its form. */
function withoutTimes({ time, duration_ms, ...line }: RequestLogLine): object {
  assert.match(time, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
  assert.ok(duration_ms >= 0);
  return line;
}

describe('the request log', () => {
  it('has one line for each request, with what was decided and for whom', async () => {
    const issuer = await createTestIssuer();
    const { send, lines } = inMemoryEndpoints(issuer);
    const headers = { authorization: basic('backend', issuer.client_secret) };
    const { body } = await send(post('/token', { grant_type: 'client_credentials', scope: 'read' }, headers));
    const { access_token: token } = JSON.parse(body);
    await send(
      post('/token', { grant_type: 'client_credentials' }, { authorization: basic('backend', 'wrong') }),
    );
    await send(post('/introspect', { token }, headers));
    await send(post('/introspect', { token: 'garbage' }, headers));
    await send(post('/revoke', { token }, headers));
    await send({ path: '/.well-known/jwks.json' });
    await send({ method: 'DELETE', path: '/.well-known/openid-configuration' });
    await send({ method: 'PATCH', path: '/clients' });

    const { header, claims } = decodeJwt(token) ?? assert.fail();
    const client = { auth_method: 'client_secret_basic', client_id: 'backend' };
    const posted = { ...REQUEST, method: 'POST' };
    const issued = {
      grant_type: 'client_credentials',
      resource: RESOURCE,
      scope: 'read',
      alg: 'ES256',
      kid: header['kid'],
      key_age: 0,
      jti: claims['jti'],
      expires_in: 3_600,
    };
    const seen = { jti: claims['jti'], resource: RESOURCE };
    assert.deepEqual(lines.map(withoutTimes), [
      { endpoint: 'token', ...posted, status: 200, ...client, ...issued, cold_start: true },
      {
        endpoint: 'token',
        ...posted,
        status: 401,
        ...client,
        error: 'invalid_client',
        reason: 'wrong_secret',
        cold_start: false,
      },
      {
        endpoint: 'introspection',
        ...posted,
        status: 200,
        ...client,
        active: true,
        ...seen,
        cold_start: true,
      },
      {
        endpoint: 'introspection',
        ...posted,
        status: 200,
        ...client,
        active: false,
        reason: 'malformed',
        cold_start: false,
      },
      { endpoint: 'revocation', ...posted, status: 200, ...client, jti: claims['jti'], cold_start: true },
      { endpoint: 'jwks', ...REQUEST, method: 'GET', status: 200, cold_start: true },
      {
        endpoint: 'metadata',
        ...REQUEST,
        method: 'DELETE',
        status: 405,
        error: 'method_not_allowed',
        cold_start: true,
      },
      {
        endpoint: 'not-found',
        ...REQUEST,
        method: 'PATCH',
        status: 404,
        error: 'not_found',
        cold_start: true,
      },
    ]);
  });

  it('tells the time that an answer took in milliseconds, from when the request came', async ({ mock }) => {
    const lines: RequestLogLine[] = [];
    const now = mock.method(performance, 'now', () => 1_000);
    const handler = endpoint(
      'jwks',
      async () => {
        now.mock.mockImplementation(() => 1_012.3456);
        return { statusCode: 200, headers: {}, body: '' };
      },
      (line) => lines.push(line),
    );
    await handler(httpApiEvent({}));
    assert.equal(lines[0]?.duration_ms, 12.35);
  });

  it('calls a method that HTTP does not know “other”', async () => {
    const { send, lines } = inMemoryEndpoints(await createTestIssuer());
    for (const method of ['get', 'PROPFIND', 'signet_secret_0', '']) await send({ method });
    assert.deepEqual(new Set(lines.map((line) => line.method)), new Set(['other']));
  });

  it('has a line for a request that nothing answered', async () => {
    const lines: RequestLogLine[] = [];
    const handle = middy<Exchange, ApiGatewayResponse>()
      .use(requestLog('token', (line) => lines.push(line)))
      .handler(() => Promise.reject(new Error('broken')));
    await assert.rejects(
      async () => handle(openExchange(httpApiEvent({})), {} as Parameters<typeof handle>[1]),
      {
        message: 'broken',
      },
    );
    const [line] = lines.map(withoutTimes);
    const failure = { status: 500, error: 'server_error', fault: 'Error: broken' };
    assert.deepEqual(line, { endpoint: 'token', ...REQUEST, method: 'GET', ...failure, cold_start: true });
  });

  it('goes to standard output as JSON, a line each, unless told otherwise', async () => {
    const run = promisify(execFile);
    const call = `import { handler } from './functions/not-found.ts'; await handler(JSON.parse(process.argv[1]));`;
    const event = JSON.stringify(httpApiEvent({}));
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', call, event], {
      cwd: join(import.meta.dirname, '../..'),
    });
    assert.match(stdout, /^\{[^\n]+\}\n$/);
    const failure = { status: 404, error: 'not_found' };
    assert.deepEqual(withoutTimes(JSON.parse(stdout)), {
      endpoint: 'not-found',
      ...REQUEST,
      method: 'GET',
      ...failure,
      cold_start: true,
    });
  });
});
