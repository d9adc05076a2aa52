import { describe, it } from 'node:test';
import { assertError, assertNotAuthenticated, assertToken } from './answers.ts';
import { ORDERS_SCOPE } from './registrations.ts';
import type { Suite } from './suite.ts';

/** Client authentication in the request body (RFC 6749 §2.3.1). */
export function describeClientSecretPost(suite: () => Suite): void {
  const post = (form: Readonly<Record<string, string>>) =>
    suite().post('token_endpoint', { grant_type: 'client_credentials', ...form });

  describe('client_secret_post', () => {
    for (const name of ['singleResource', 'escapes', 'brokenEscapes', 'colon'] as const) {
      it(`authenticates a client by client_id and client_secret in the body: ${name} (RFC 6749 §2.3.1)`, async () => {
        const { client_id, client_secret } = suite().clients[name];
        assertToken(await post({ client_id, client_secret }), { scope: ORDERS_SCOPE });
      });
    }

    it('decodes the body once and no more (RFC 6749 Appendix B)', async () => {
      const { client_id, client_secret } = suite().clients.escapes;
      assertNotAuthenticated(await post({ client_id, client_secret: encodeURIComponent(client_secret) }));
    });

    it('refuses a client_secret without a client_id as invalid_request (RFC 6749 §2.3.1)', async () => {
      const { client_secret } = suite().clients.singleResource;
      const description = 'client_secret stands in the body without a client_id';
      assertError(await post({ client_secret }), 'invalid_request', description);
    });

    it('refuses a secret of 1,025 characters as invalid_request (RFC 6749 §5.2)', async () => {
      const { client_id } = suite().clients.singleResource;
      const answer = await post({ client_id, client_secret: 's'.repeat(1025) });
      assertError(answer, 'invalid_request', 'client_secret has more than 1024 characters');
    });

    it('refuses a client_id alone as invalid_client (RFC 6749 §3.2.1)', async () => {
      const { client_id } = suite().clients.singleResource;
      for (const secret of [{}, { client_secret: '' }]) {
        assertNotAuthenticated(await post({ client_id, ...secret }));
      }
    });

    for (const client_id of ['nobody', '__proto__', 'constructor', 'clïent', '\r\n', 'c'.repeat(5000)]) {
      it(`refuses a client_id that is nobody's as invalid_client: ${JSON.stringify(client_id.slice(0, 12))} (RFC 6749 §5.2)`, async () => {
        assertNotAuthenticated(await post({ client_id, client_secret: 'secret' }));
      });
    }

    it('refuses a client that is registered for client_secret_basic as invalid_client (RFC 7591 §2)', async () => {
      const { client_id, client_secret } = suite().clients.basicOnly;
      assertNotAuthenticated(await post({ client_id, client_secret }));
    });
  });
}
