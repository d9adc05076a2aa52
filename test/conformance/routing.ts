import { describe, it } from 'node:test';
import { assertAnswer, assertError, UNCACHED } from './answers.ts';
import { basic, FORM_ENDPOINTS, type Suite } from './suite.ts';
import { type Front, handsOnOptions } from './target.ts';
import type { Answer } from './wire.ts';

const NOWHERE_AT_ALL = [
  ...['/', '/TOKEN', '/token/x', '/tokens', '/token.json', '/revoke/x', '/.well-known', '/.well-known/jwks'],
  ...[
    '/.well-known/openid-configuration/x',
    '/authorize',
    '/register/x',
    '/userinfo',
    '/index.html',
    '/.env',
  ],
  ...['/__proto__', '/%E2%82%AC'],
];

/** A REST API takes a path with a slash at its end for the one without. */
const NOWHERE_BUT_IN_REST_APIS = ['/token/', '/introspect/', '/.well-known/jwks.json/'];

/** API Gateway refuses an encoded NUL itself, and decodes an encoded letter or slash before it routes. */
const NOWHERE_BUT_IN_AWS = ['/%00', '/token%2F', '/%74oken'];

const NOWHERE: Readonly<Record<Front, readonly string[]>> = {
  embedded: [...NOWHERE_AT_ALL, ...NOWHERE_BUT_IN_REST_APIS, ...NOWHERE_BUT_IN_AWS],
  'HTTP API': [...NOWHERE_AT_ALL, ...NOWHERE_BUT_IN_REST_APIS],
  'REST API': NOWHERE_AT_ALL,
};

const READ = ['GET', 'HEAD', 'OPTIONS'];

/** What else there is than endpoints that take forms, and the methods that it has. */
const ALLOWED = {
  '/.well-known/jwks.json': READ,
  '/.well-known/oauth-authorization-server': READ,
  '/resource-metadata': READ,
  '/register': ['POST', 'GET', 'PUT', 'DELETE'],
};

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** API Gateway routes no other method. */
const METHODS_BUT_IN_AWS = ['TRACE', 'PROPFIND'];

/** Paths and methods that are not there (RFC 9110 §15.5.5, §15.5.6). */
export function describeRouting(suite: () => Suite, front: Front): void {
  const paths = NOWHERE[front];
  const methods =
    front === 'embedded'
      ? [...METHODS, ...METHODS_BUT_IN_AWS]
      : METHODS.filter((method) => method !== 'OPTIONS' || handsOnOptions(front));
  const except = (...allowed: readonly string[]) => methods.filter((method) => !allowed.includes(method));

  describe('routing', () => {
    for (const path of paths) {
      it(`answers 404 in JSON where there is nothing: ${path} (RFC 9110 §15.5.5)`, async () => {
        const { wire, issuer } = suite();
        assertNotFound(await wire.send(issuer + path));
      });
    }

    for (const method of except('HEAD')) {
      it(`answers 404 in JSON where there is nothing, also to ${method} (RFC 9110 §15.5.5)`, async () => {
        const { wire, issuer, clients } = suite();
        const headers = { Authorization: basic(clients.shop) };
        assertNotFound(await wire.send(`${issuer}/nothing?a=b`, { method, headers }));
      });
    }

    it('answers 404 without a body to HEAD where there is nothing (RFC 9110 §9.3.2)', async () => {
      const { wire, issuer } = suite();
      const answer = await wire.send(`${issuer}/nothing`, { method: 'HEAD' });
      assertAnswer(answer, { status: 404, headers: { ...UNCACHED, 'content-type': 'application/json' } });
    });

    for (const endpoint of FORM_ENDPOINTS) {
      for (const method of except('POST')) {
        it(`answers 405 with Allow to ${method} at the ${endpoint} (RFC 6749 §3.2, RFC 9110 §15.5.6)`, async () => {
          const { client_id, client_secret } = suite().clients.shop;
          const query = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
          const answer = await suite().wire.send(`${suite().metadata[endpoint]}?${query}`, { method });
          assertNotAllowed(answer, method, 'POST');
        });
      }
    }

    for (const [path, allowed] of Object.entries(ALLOWED)) {
      for (const method of except(...allowed)) {
        it(`answers 405 with Allow to ${method} at ${path} (RFC 9110 §15.5.6)`, async () => {
          const answer = await suite().wire.send(suite().issuer + path, { method });
          assertNotAllowed(answer, method, allowed.join(', '));
        });
      }
    }
  });
}

function assertNotFound(answer: Answer): void {
  const description =
    'no endpoint is here: the metadata at /.well-known/oauth-authorization-server lists them';
  assertError(answer, 'not_found', description);
}

function assertNotAllowed(answer: Answer, method: string, allow: string): void {
  if (method === 'HEAD') {
    const headers = { ...UNCACHED, allow, 'content-type': 'application/json' };
    assertAnswer(answer, { status: 405, headers });
  } else {
    assertError(answer, 'method_not_allowed', `this endpoint takes ${allow}`, { allow });
  }
}
