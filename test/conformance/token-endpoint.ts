import { describe, it } from 'node:test';
import { assertError, assertNotAuthenticated, assertToken } from './answers.ts';
import { ORDERS_SCOPE } from './registrations.ts';
import type { Suite } from './suite.ts';

/** Grants that do not exist, of OAuth and of JavaScript. */
const OTHER_GRANTS = [
  ...[
    'password',
    'authorization_code',
    'refresh_token',
    'implicit',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
  ],
  ...['CLIENT_CREDENTIALS', ' client_credentials', 'client_credentials,client_credentials'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'],
];

/** The token endpoint and the client credentials grant (RFC 6749 §3.2, §4.4, §5). */
export function describeTokenEndpoint(suite: () => Suite): void {
  describe('token endpoint', () => {
    it('answers access_token, token_type, expires_in and scope, no refresh_token, in JSON that no cache keeps (RFC 6749 §4.4.3, §5.1)', async () => {
      const { requestToken, clients } = suite();
      assertToken(await requestToken(clients.singleResource), { scope: ORDERS_SCOPE });
    });

    it('reads a parameter without a value as if it were omitted (RFC 6749 §3.2)', async () => {
      const { postAs, clients } = suite();
      const form = 'grant_type=client_credentials&scope=&scope=&resource=&audience&client_secret=&token=';
      assertToken(await postAs(clients.singleResource, 'token_endpoint', form), { scope: ORDERS_SCOPE });
    });

    for (const name of [
      'unknown',
      'refresh_token',
      '__proto__',
      'constructor',
      'toString',
      '__proto__[scope]',
    ]) {
      it(`ignores a parameter that it does not know: ${name} (RFC 6749 §3.2)`, async () => {
        const { requestToken, clients } = suite();
        const answer = await requestToken(clients.singleResource, { [name]: 'orders:delete' });
        assertToken(answer, { scope: ORDERS_SCOPE });
      });
    }

    for (const form of [
      '',
      'grant_type=',
      'scope=orders:read',
      '&&=&',
      '{"grant_type":"client_credentials"}',
      'GRANT_TYPE=client_credentials',
    ]) {
      it(`refuses a request without grant_type as invalid_request: ${form || 'an empty body'} (RFC 6749 §4.4.2, §5.2)`, async () => {
        const { postAs, clients } = suite();
        const answer = await postAs(clients.singleResource, 'token_endpoint', form);
        assertError(
          answer,
          'invalid_request',
          'grant_type is missing from the body (RFC 6749 section 4.4.2)',
        );
      });
    }

    for (const grant_type of OTHER_GRANTS) {
      it(`refuses the grant_type ${JSON.stringify(grant_type)} as unsupported_grant_type (RFC 6749 §5.2)`, async () => {
        const { requestToken, clients } = suite();
        const answer = await requestToken(clients.singleResource, { grant_type });
        const grants = 'client_credentials, urn:ietf:params:oauth:grant-type:token-exchange';
        assertError(answer, 'unsupported_grant_type', `grant_type is one of: ${grants}`);
      });
    }

    it('refuses a client that may not use the grant as unauthorized_client (RFC 6749 §5.2)', async () => {
      const { requestToken, clients } = suite();
      const answer = await requestToken(clients.introspector);
      const description = 'the client is not registered for the grant client_credentials';
      assertError(answer, 'unauthorized_client', description);
    });

    it('authenticates the client before it judges the rest of the request (RFC 6749 §3.2.1)', async () => {
      const { post } = suite();
      assertNotAuthenticated(
        await post('token_endpoint', { grant_type: 'password', scope: ' ', resource: 'x' }),
      );
    });
  });
}
