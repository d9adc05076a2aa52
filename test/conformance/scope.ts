import { describe, it } from 'node:test';
import { assertError, assertToken } from './answers.ts';
import { ORDERS_SCOPE } from './registrations.ts';
import type { Suite } from './suite.ts';

const GRAMMAR = 'scope is a list of printable ASCII words with one space between (RFC 6749 section 3.3)';

/** Not of the grammar: tokens of %x21 / %x23-5B / %x5D-7E with single spaces between (RFC 6749 §3.3). */
const UNGRAMMATICAL = [
  ...[' ', ' orders:read', 'orders:read ', 'orders:read  orders:write', 'orders:read\torders:write'],
  ...['orders:read\n', 'orders:"read"', 'orders\\read', 'commandé', '\u{1f511}', '\x7f', 's'.repeat(129)],
];

/** Scope (RFC 6749 §3.3). */
export function describeScope(suite: () => Suite): void {
  const request = (scope: string) => suite().requestToken(suite().clients.singleResource, { scope });

  describe('scope', () => {
    it('is all that the client may have when none is asked (RFC 6749 §3.3)', async () => {
      const { requestToken, clients } = suite();
      assertToken(await requestToken(clients.singleResource), { scope: ORDERS_SCOPE });
    });

    for (const [asked, given] of [
      ['orders:read', 'orders:read'],
      ['orders:write orders:read', 'orders:write orders:read'],
      ['orders:read orders:read', 'orders:read'],
    ] as const) {
      it(`is what is asked: "${asked}" (RFC 6749 §3.3)`, async () => {
        assertToken(await request(asked), { scope: given });
      });
    }

    it('stands neither in the answer nor in the token when the client has none (RFC 6749 §5.1)', async () => {
      const { requestToken, clients } = suite();
      assertToken(await requestToken(clients.scopeless), { scope: undefined });
    });

    for (const [what, scope, excess] of [
      ['of the resource that the client has not', 'orders:read orders:delete', 'orders:delete'],
      ['of another resource', 'invoices:read', 'invoices:read'],
      ['that nobody has', 'openid', 'openid'],
      ['in another case', 'ORDERS:READ', 'ORDERS:READ'],
      ['of a name that objects have', '__proto__ constructor', '__proto__ constructor'],
      ['of a hundred words', words(100), words(100)],
    ] as const) {
      it(`refuses a scope ${what} as invalid_scope rather than drop it (RFC 6749 §3.3, §5.2)`, async () => {
        const description = `the client may not have this scope at this resource: ${excess}`;
        assertError(await request(scope), 'invalid_scope', description);
      });
    }

    for (const scope of UNGRAMMATICAL) {
      it(`refuses ${encodeURI(scope).slice(0, 30)} as invalid_scope: it is not of the grammar (RFC 6749 §3.3, §5.2)`, async () => {
        assertError(await request(scope), 'invalid_scope', GRAMMAR);
      });
    }

    it('refuses more than a hundred words as invalid_scope (RFC 6749 §5.2)', async () => {
      assertError(await request(words(101)), 'invalid_scope', 'at most 100 scopes a request');
    });

    it('leaves out what the resource no longer has (RFC 6749 §3.3)', async () => {
      const { requestToken, clients } = suite();
      assertToken(await requestToken(clients.shrunk), { scope: 'kept' });
      const description = 'the client may not have this scope at this resource: dropped';
      assertError(await requestToken(clients.shrunk, { scope: 'dropped' }), 'invalid_scope', description);
    });
  });
}

function words(count: number): string {
  return Array.from({ length: count }, (_, index) => `scope-${index}`).join(' ');
}
