import { describe, it } from 'node:test';
import { assertAnswer, assertError, assertInactive, assertNotAuthenticated, UNCACHED } from './answers.ts';
import { genuineToken } from './genuine-token.ts';
import type { Suite } from './suite.ts';
import { algsOf, type Front } from './target.ts';

/** Resources, and the client that the introspection of each is for. */
const RESOURCES = [
  ['orders', 'introspector'],
  ['mail', 'mailIntrospector'],
] as const;

/** The introspection endpoint (RFC 7662). */
export function describeIntrospection(suite: () => Suite, front: Front): void {
  const introspect = (caller: 'introspector' | 'mailIntrospector' | 'shop', token: string, hint = {}) =>
    suite().postAs(suite().clients[caller], 'introspection_endpoint', { token, ...hint });
  const tokenFor = (resource: 'orders' | 'invoices' | 'stock' | 'mail') =>
    genuineToken(suite(), suite().clients.shop, suite().resources[resource]);
  const active = (claims: object) => ({
    status: 200,
    headers: UNCACHED,
    body: { active: true, token_type: 'Bearer', ...claims },
  });

  describe('introspection', () => {
    for (const [resource, caller] of RESOURCES) {
      it(`tells a caller that the resource names all claims of an active token (RFC 7662 §2.2): ${resource}`, async () => {
        const { token, claims } = await tokenFor(resource);
        assertAnswer(await introspect(caller, token), active(claims));
      });
    }

    for (const alg of algsOf(front)) {
      it(`finds a token active that was signed with ${alg} (RFC 7662 §2.2)`, async () => {
        const { token, claims } = await genuineToken(suite(), suite().clients.shop, suite().resourceOf(alg));
        assertAnswer(await introspect('introspector', token), active(claims));
      });
    }

    it('authenticates the caller by client_secret_post as well (RFC 7662 §2.1)', async () => {
      const { token, claims } = await tokenFor('orders');
      const { client_id, client_secret } = suite().clients.introspector;
      const answer = await suite().post('introspection_endpoint', { token, client_id, client_secret });
      assertAnswer(answer, active(claims));
    });

    for (const token_type_hint of ['access_token', 'refresh_token', 'pat', '__proto__']) {
      it(`finds the token whatever the token_type_hint: ${token_type_hint} (RFC 7662 §2.1)`, async () => {
        const { token, claims } = await tokenFor('orders');
        assertAnswer(await introspect('introspector', token, { token_type_hint }), active(claims));
      });
    }

    it('refuses a request without token as invalid_request (RFC 7662 §2.1)', async () => {
      const description = 'token is missing from the body (RFC 7662 section 2.1)';
      assertError(await introspect('introspector', ''), 'invalid_request', description);
    });

    it('refuses a caller that presents the token itself as invalid_client (RFC 7662 §2.1, §2.3)', async () => {
      const { token } = await tokenFor('orders');
      const headers = { Authorization: `Bearer ${token}` };
      assertNotAuthenticated(await suite().post('introspection_endpoint', { token }, headers));
    });

    it('tells a caller that the resource does not name nothing but inactive (RFC 7662 §2.2, §4)', async () => {
      const { token } = await tokenFor('mail');
      assertInactive(await introspect('introspector', token));
      const { token: other } = await tokenFor('orders');
      assertInactive(await introspect('mailIntrospector', other));
    });

    it('tells the client of the token itself nothing but inactive (RFC 7662 §4)', async () => {
      const { token } = await tokenFor('orders');
      assertInactive(await introspect('shop', token));
    });

    for (const [what, client, resource, change] of [
      ['of a client that was disabled since', 'toDisable', 'orders', 'clients disable'],
      ['of a client that was deleted since', 'toDelete', 'orders', 'clients delete'],
      ['for a resource that was disabled since', 'ofClosing', 'closing', 'resources disable'],
    ] as const) {
      it(`calls a token ${what} inactive (RFC 7662 §4)`, async () => {
        const { clients, resources, target } = suite();
        const { token } = await genuineToken(suite(), clients[client], resources[resource]);
        const id = change.startsWith('clients') ? clients[client].client_id : resources[resource];
        await target.signet([...change.split(' '), id]);
        assertInactive(await introspect('introspector', token));
      });
    }
  });
}
