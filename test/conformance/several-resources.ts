import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { assertAnswer, assertError, assertInactive, assertToken, UNCACHED } from './answers.ts';
import type { Suite } from './suite.ts';

const UNKNOWN = 'the client may have no token for this resource';

/** One token for several resources (RFC 8707 §2): `orders`, and `returns` with tokens of five minutes. */
export function describeSeveralResources(suite: () => Suite): void {
  const request = (...parameters: readonly (readonly [name: string, value: string])[]) => {
    const form = new URLSearchParams([
      ['grant_type', 'client_credentials'],
      ...parameters.map(([...pair]) => pair),
    ]);
    return suite().postAs(suite().clients.several, 'token_endpoint', form.toString());
  };
  const both = () => [
    ['resource', suite().resources.orders] as const,
    ['resource', suite().resources.returns] as const,
  ];
  const introspect = (caller: 'introspector' | 'mailIntrospector', token: string) =>
    suite().postAs(suite().clients[caller], 'introspection_endpoint', { token });

  describe('several resources', () => {
    for (const [first, second] of [
      ['resource', 'resource'],
      ['audience', 'audience'],
      ['resource', 'audience'],
    ] as const) {
      it(`are the aud of one token, named by ${first} and ${second}, with the scope that the client has at each and the shortest lifetime (RFC 8707 §2, §2.2, RFC 7519 §4.1.3)`, async () => {
        const { orders, returns } = suite().resources;
        const answer = await request([first, orders], [second, returns]);
        const token = assertToken(answer, { scope: 'orders:read', expires_in: 300 });
        assert.deepEqual(decodeJwt(token).aud, [orders, returns]);
      });
    }

    it('refuse a scope that the client has not at each of them, as invalid_scope (RFC 8707 §2.2)', async () => {
      for (const scope of ['orders:write', 'returns:read']) {
        const description = `the client may not have this scope at each of these resources: ${scope}`;
        assertError(
          await request(...both(), ['scope', `orders:read ${scope}`]),
          'invalid_scope',
          description,
        );
      }
    });

    for (const [what, other] of [
      ['signing algorithm (RS256, ES256)', 'invoices'],
      ['claims', 'tiered'],
    ] as const) {
      it(`are refused as invalid_target where their tokens differ in their ${what} (RFC 8707 §2)`, async () => {
        const description = `the tokens of these resources differ in their ${what}: ask for one resource at a time`;
        const answer = await request(...both(), ['resource', suite().resources[other]]);
        assertError(answer, 'invalid_target', description);
      });
    }

    it('are refused as invalid_target when one is disabled, unknown or of another client (RFC 8707 §2)', async () => {
      const { closed, mail } = suite().resources;
      for (const other of [closed, mail, 'https://nobody.example.com', 'not a URI']) {
        assertError(await request(...both(), ['resource', other]), 'invalid_target', UNKNOWN);
        assertError(await request(['audience', other], ...both()), 'invalid_target', UNKNOWN);
      }
    });

    it('are five at most: more are invalid_target (RFC 8707 §2)', async () => {
      const six = Array.from({ length: 6 }, (_, n) => ['resource', `urn:${n}`] as const);
      assertError(await request(...six), 'invalid_target', 'a token is for at most 5 resources');
    });

    it('have each its callers told of the token, until it is revoked (RFC 7662 §2.2, RFC 7009 §2)', async () => {
      const answer = await request(...both());
      const token = assertToken(answer, { scope: 'orders:read', expires_in: 300 });
      const body = { active: true, token_type: 'Bearer', ...decodeJwt(token) };
      for (const caller of ['introspector', 'mailIntrospector'] as const) {
        assertAnswer(await introspect(caller, token), { status: 200, headers: UNCACHED, body });
      }
      await suite().postAs(suite().clients.several, 'revocation_endpoint', { token });
      assertInactive(await introspect('introspector', token));
      assertInactive(await introspect('mailIntrospector', token));
    });
  });
}
