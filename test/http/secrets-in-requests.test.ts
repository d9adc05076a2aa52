import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { withEmbeddedMetrics } from '../../adapters/cloudwatch/embedded-metrics.ts';
import { createClientSecret } from '../../core/client-secret.ts';
import { requestToken } from '../../core/token-endpoint.ts';
import type { SentRequest } from '../support/api-gateway-events.ts';
import { inMemoryEndpoints, post } from '../support/in-memory-endpoints.ts';
import { basic, oauthRequest } from '../support/oauth-request.ts';
import { createTestIssuer, type TestIssuer } from '../support/test-issuer.ts';

const PATHS = [
  '/token',
  '/introspect',
  '/revoke',
  '/.well-known/jwks.json',
  '/.well-known/openid-configuration',
  '/',
];
const GRANT = { grant_type: 'client_credentials' };

/** Every place of a request in which a caller can put what it likes, right or wrong; `good` is what authenticates it there. */
type Place = (secret: string, path: string, good: SentRequest['headers']) => SentRequest;

const parameter =
  (name: string): Place =>
  (secret, path, good) =>
    post(path, { ...GRANT, token: 'garbage', [name]: secret }, good);
const header =
  (name: string, value = (secret: string) => secret): Place =>
  (secret, path) =>
    post(path, GRANT, { [name]: value(secret) });
const unauthenticated =
  (name: string): Place =>
  (secret, path) =>
    post(path, { ...GRANT, [name]: secret });

const PLACES: Readonly<Record<string, Place>> = {
  'the client_id': unauthenticated('client_id'),
  'the client_id beside Basic': parameter('client_id'),
  'the client_id beside a client_secret': (secret, path) =>
    post(path, { ...GRANT, client_id: secret, client_secret: 'a' }),
  'the client_secret': (secret, path) =>
    post(path, { ...GRANT, client_id: 'backend', client_secret: secret }),
  'the client_secret without a client_id': unauthenticated('client_secret'),
  'the client_secret beside Basic': parameter('client_secret'),
  'a client_assertion': unauthenticated('client_assertion'),
  'the grant_type': parameter('grant_type'),
  'the scope': parameter('scope'),
  'the resource': parameter('resource'),
  'the audience': parameter('audience'),
  'the token': parameter('token'),
  'the token_type_hint': parameter('token_type_hint'),
  'a parameter that nobody defined': parameter('password'),
  'the name of a parameter': (secret, path, good) => post(path, { ...GRANT, [secret]: 'a' }, good),
  'a parameter that stands twice': (secret, path, good) => ({
    ...post(path, {}, good),
    body: `scope=${secret}&scope=${secret}`,
  }),
  'broken percent-encoding': (secret, path, good) => ({
    ...post(path, {}, good),
    body: `scope=${secret}%zz`,
  }),
  'a body that is no form': (secret, path) => ({
    ...post(path, {}, { 'Content-Type': 'application/json' }),
    body: JSON.stringify({ secret }),
  }),
  'a body of one word': (secret, path, good) => ({ ...post(path, {}, good), body: secret }),
  'the Authorization header alone': header('Authorization'),
  'the id in Basic': header('Authorization', (secret) => basic(secret, '')),
  'the secret in Basic': header('Authorization', (secret) => basic('backend', secret)),
  'Basic that is not base64': header('Authorization', (secret) => `Basic backend:${secret}`),
  'Basic without a colon': header(
    'Authorization',
    (secret) => `Basic ${Buffer.from(secret).toString('base64')}`,
  ),
  'a Bearer token': header('Authorization', (secret) => `Bearer ${secret}`),
  'a scheme of its own': header('Authorization', (secret) => `${secret} a`),
  'the Content-Type': header('Content-Type'),
  'the If-None-Match header': header('If-None-Match'),
  'the User-Agent': header('User-Agent'),
  'the X-Forwarded-For header': header('X-Forwarded-For'),
  'the name of a header': (secret, path) => post(path, GRANT, { [secret]: 'a' }),
  'a value of the query': (secret, path, good) => ({
    ...post(path, GRANT, good),
    query: `client_secret=${secret}`,
  }),
  'a name of the query': (secret, path, good) => ({ ...post(path, GRANT, good), query: `${secret}=a` }),
  'the method': (secret, path) => ({ path, method: secret }),
  'the path': (secret) => ({ path: `/${secret}` }),
};

describe('a secret or a token', () => {
  let issuer: TestIssuer;
  let secrets: readonly string[];
  before(async () => {
    issuer = await createTestIssuer();
    const request = oauthRequest(basic('backend', issuer.client_secret), GRANT);
    const { access_token } = await requestToken(request, issuer, {});
    secrets = [issuer.client_secret, createClientSecret(), access_token];
  });

  /** What of a secret could be told from a line: the whole, or what a part of it opens. */
  const traces = (secret: string) => [
    secret,
    secret.slice(-24),
    Buffer.from(secret).toString('base64').slice(4, -4),
    encodeURIComponent(secret),
  ];

  for (const [place, put] of Object.entries(PLACES)) {
    // A client that is authenticated is told which scope it may not have.
    const isRepeated = place === 'the scope';
    it(`reaches no line of the log${isRepeated ? '' : ', and no answer,'} from ${place}`, async () => {
      const { send, lines } = inMemoryEndpoints(issuer);
      const good = { Authorization: basic('backend', issuer.client_secret) };
      const requests = secrets.flatMap((secret) => PATHS.map((path) => put(secret, path, good)));
      const answers = [];
      for (const request of requests) {
        answers.push(await send(request, 'HTTP API'), await send(request, 'REST API'));
      }
      assert.equal(lines.length, requests.length * 2);
      const log = lines.map((line) => withEmbeddedMetrics(line, 'Signet'));
      const written = JSON.stringify(isRepeated ? log : [log, answers]);
      for (const trace of secrets.flatMap(traces)) assert.equal(written.includes(trace), false, trace);
    });
  }
});
