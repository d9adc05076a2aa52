import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { assertError, assertToken } from './answers.ts';
import { ORDERS_SCOPE } from './registrations.ts';
import type { Suite } from './suite.ts';

const UNKNOWN = 'the client may have no token for this resource';
const NO_DEFAULT = 'the client has no default resource: name one of its resources in the resource parameter';

/** Identifiers that no resource has, and strings that could not be one (RFC 8707 §2). */
const OTHER_RESOURCES = [
  ...['https://nobody.example.com', 'urn:nobody', 'orders', '/orders', '?', 'https://', 'not a URI', '*'],
  ...[
    'https://orders.example.com#fragment',
    '__proto__',
    'constructor',
    `https://${'r'.repeat(600)}.example.com`,
  ],
];

/** What a token is for (RFC 8707), also by the older name of the parameter. */
export function describeResourceIndicators(suite: () => Suite): void {
  const request = (...parameters: [name: string, value: string][]) => {
    const form = new URLSearchParams([['grant_type', 'client_credentials'], ...parameters]);
    return suite().postAs(suite().clients.shop, 'token_endpoint', form.toString());
  };

  describe('resource indicators', () => {
    for (const name of ['resource', 'audience'] as const) {
      it(`make the token for the one resource that ${name} names (RFC 8707 §2, RFC 9068 §3)`, async () => {
        const { mail } = suite().resources;
        const token = assertToken(await request([name, mail]), { scope: 'mail:send' });
        assert.equal(decodeJwt(token).aud, mail);
      });

      for (const other of OTHER_RESOURCES) {
        it(`refuse what is none of the client's in ${name} as invalid_target: ${other.slice(0, 40)} (RFC 8707 §2)`, async () => {
          assertError(await request([name, other]), 'invalid_target', UNKNOWN);
        });
      }
    }

    it('make the token for the default resource when none is named (RFC 8707 §2, RFC 9068 §3)', async () => {
      const token = assertToken(await request(), { scope: ORDERS_SCOPE });
      assert.equal(decodeJwt(token).aud, suite().resources.orders);
    });

    it('make the token for the only resource when none is named (RFC 8707 §2, RFC 9068 §3)', async () => {
      const answer = await suite().requestToken(suite().clients.singleResource);
      assert.equal(decodeJwt(assertToken(answer, { scope: ORDERS_SCOPE })).aud, suite().resources.orders);
    });

    it('are needed when the client has several resources and no default: invalid_target (RFC 8707 §2)', async () => {
      assertError(await suite().requestToken(suite().clients.noDefault), 'invalid_target', NO_DEFAULT);
    });

    it('are not inferred from the scope that is asked for: invalid_target (RFC 9068 §3)', async () => {
      const { requestToken, clients } = suite();
      const answer = await requestToken(clients.noDefault, { scope: 'invoices:read' });
      assertError(answer, 'invalid_target', NO_DEFAULT);
    });

    it('refuse scopes of two resources where none is named, as invalid_scope (RFC 9068 §3)', async () => {
      const description = 'the client may not have this scope at this resource: invoices:read';
      assertError(await request(['scope', 'orders:read invoices:read']), 'invalid_scope', description);
    });

    it('may name one resource twice, by either name (RFC 8707 §2)', async () => {
      const { mail } = suite().resources;
      const answer = await request(['resource', mail], ['audience', mail], ['resource', mail]);
      assertToken(answer, { scope: 'mail:send' });
    });

    it('are compared character by character (RFC 3986 §6.2.1)', async () => {
      const { mail } = suite().resources;
      for (const other of [`${mail}/`, mail.toUpperCase(), mail.replace('https', 'HTTPS'), ` ${mail}`]) {
        assertError(await request(['resource', other]), 'invalid_target', UNKNOWN);
      }
    });

    it('refuse a resource that is disabled, or that another client has, as one that is not there (RFC 8707 §2)', async () => {
      const { closed, shrunk } = suite().resources;
      for (const resource of [closed, shrunk]) {
        assertError(await request(['resource', resource]), 'invalid_target', UNKNOWN);
      }
    });

    it('decide which scopes there are (RFC 8707 §2.2)', async () => {
      const description = 'the client may not have this scope at this resource: orders:read';
      const answer = await request(['resource', suite().resources.mail], ['scope', 'orders:read']);
      assertError(answer, 'invalid_scope', description);
    });
  });
}
