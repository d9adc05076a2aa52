import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import test, { type TestContext } from 'node:test';
import express from 'express';
import { auth, requiredScopes, UnauthorizedError } from 'express-oauth2-jwt-bearer';
import { decodeJwt } from 'jose';
import { type ConnectedIssuer, connectIssuer, requestAccessToken } from '../support/connect-issuer.ts';
import { makeRefusedTokens, REFUSED_TOKENS, type RefusedToken } from '../support/refused-tokens.ts';

/** The `error_description` of each refusal (RFC 6750 §3). */
const REFUSALS: Record<RefusedToken, string> = {
  'for another audience': "Unexpected 'aud' value",
  'of another issuer': 'no applicable key found in the JSON Web Key Set',
  'signed by another key under the kid of the issuer': 'signature verification failed',
  'whose claims were changed': 'signature verification failed',
};

const answerRefusal: express.ErrorRequestHandler = (error, _request, response, next) => {
  if (error instanceof UnauthorizedError) response.status(error.status).set(error.headers).end();
  else next(error);
};

/** Starts an API as the users of the library write it, where `strict` holds tokens to RFC 9068, and tells its URL. */
async function startApi(t: TestContext, { issuer, resource }: ConnectedIssuer): Promise<string> {
  const api = express();
  api.use(auth({ issuerBaseURL: issuer, audience: resource, strict: true, dpop: { enabled: false } }));
  api.get('/', (request, response) => void response.json(request.auth?.payload));
  api.post('/', requiredScopes('write'), (_request, response) => void response.sendStatus(204));
  api.use(answerRefusal);
  const server = api.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('express-oauth2-jwt-bearer', async (t) => {
  const connected = await connectIssuer(t);
  const refusedTokens = await makeRefusedTokens(connected);
  const api = await startApi(t, connected);

  const call = (method: 'GET' | 'POST', token: string) =>
    fetch(api, { method, headers: { authorization: `Bearer ${token}` } });
  const assertRefused = async (response: Promise<Response>, status: number, challenge: string) => {
    const { status: got, headers } = await response;
    assert.deepEqual([got, headers.get('www-authenticate')], [status, `Bearer realm="api", ${challenge}`]);
  };

  await t.test('lets a token in and hands its claims to the API (RFC 9068 §4)', async () => {
    const token = await requestAccessToken(connected);
    const response = await call('GET', token);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), decodeJwt(token));
  });

  await t.test('lets a token in where it has the scope, and nowhere else (RFC 6750 §3.1)', async () => {
    const write = await requestAccessToken(connected, { scope: 'write' });
    assert.equal((await call('POST', write)).status, 204);
    const read = await requestAccessToken(connected, { scope: 'read' });
    const challenge = 'error="insufficient_scope", error_description="Insufficient Scope", scope="write"';
    await assertRefused(call('POST', read), 403, challenge);
  });

  for (const wrong of REFUSED_TOKENS) {
    await t.test(`refuses a token ${wrong} (RFC 9068 §4)`, async () => {
      const challenge = `error="invalid_token", error_description="${REFUSALS[wrong]}"`;
      await assertRefused(call('GET', refusedTokens[wrong]), 401, challenge);
    });
  }

  await t.test('refuses a token that has expired (RFC 7519 §4.1.4)', async ({ mock }) => {
    const token = await requestAccessToken(connected);
    const { exp = 0 } = decodeJwt(token);
    // It tolerates five seconds.
    mock.timers.enable({ apis: ['Date'], now: (exp + 6) * 1000 });
    const challenge = `error="invalid_token", error_description="'exp' claim timestamp check failed"`;
    await assertRefused(call('GET', token), 401, challenge);
  });
});
