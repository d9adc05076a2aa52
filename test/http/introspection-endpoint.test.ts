import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { introspect } from '../../core/introspection-endpoint.ts';
import { formEndpoint } from '../../http/form-endpoint.ts';
import { signedIntrospectionEndpoint } from '../../http/introspection-endpoint.ts';
import { httpApiEvent, restApiEvent } from '../support/api-gateway-events.ts';
import { post } from '../support/in-memory-endpoints.ts';
import { basic } from '../support/oauth-request.ts';
import { createTestIssuer } from '../support/test-issuer.ts';

const JWT = 'application/token-introspection+jwt';
const UNCACHED = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };
const JSON_HEADERS = { 'Content-Type': 'application/json', ...UNCACHED };

const issuer = await createTestIssuer();
const signing = signedIntrospectionEndpoint(issuer, () => undefined);
const plain = formEndpoint(
  'introspection',
  (request, record) => introspect(request, issuer, record),
  () => undefined,
);
const asking = (Accept?: string, form: Readonly<Record<string, string>> = { token: 'garbage' }) =>
  post('/introspect', form, {
    Authorization: basic('backend', issuer.client_secret),
    ...(Accept === undefined ? {} : { Accept }),
  });

describe('an introspection endpoint that signs', () => {
  for (const [api, toEvent] of [
    ['an HTTP API', httpApiEvent],
    ['a REST API', restApiEvent],
  ] as const) {
    it(`answers by a JWT whoever asks for one through ${api} (RFC 9701 §4, §5)`, async () => {
      const { body, ...response } = await signing(toEvent(asking(JWT)));
      assert.deepEqual(response, { statusCode: 200, headers: { 'Content-Type': JWT, ...UNCACHED } });
      assert.match(body, /^[\w-]+\.[\w-]+\.[\w-]+$/);
    });
  }

  for (const accept of [undefined, '*/*', 'application/json', `${JWT};q=0`]) {
    it(`answers in JSON whoever does not: ${accept ?? 'no Accept'} (RFC 7662 §2.2)`, async () => {
      const answer = { statusCode: 200, headers: JSON_HEADERS, body: '{"active":false}' };
      assert.deepEqual(await signing(httpApiEvent(asking(accept))), answer);
    });
  }

  it('refuses in JSON whoever asks for a JWT too (RFC 9701 §5)', async () => {
    const { statusCode, headers } = await signing(httpApiEvent(asking(JWT, {})));
    assert.deepEqual({ statusCode, headers }, { statusCode: 400, headers: JSON_HEADERS });
  });
});

describe('an introspection endpoint that does not sign', () => {
  it('answers in JSON whatever the caller asks for', async () => {
    const answer = { statusCode: 200, headers: JSON_HEADERS, body: '{"active":false}' };
    assert.deepEqual(await plain(httpApiEvent(asking(JWT))), answer);
  });
});
