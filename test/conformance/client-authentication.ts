import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertError, assertNotAuthenticated, assertToken } from './answers.ts';
import { type Credentials, ORDERS_SCOPE, type Registrations } from './registrations.ts';
import { basic, FORM_ENDPOINTS, type FormEndpoint, type Suite } from './suite.ts';

const IN_URI = 'credentials stand in the request URI: send them in the body or the Authorization header';
const BOTH = 'the request authenticates by both client_secret_basic and client_secret_post: send one';

type Clients = Registrations['clients'];

/** Clients that exist, or did, or never have, and that no one may tell apart. */
const REFUSED: readonly (readonly [what: string, credentials: (clients: Clients) => Credentials])[] = [
  [
    'a wrong secret',
    ({ shop, singleResource }) => ({ ...singleResource, client_secret: shop.client_secret }),
  ],
  ['an expired secret', ({ expired }) => expired],
  ['a revoked secret', ({ revoked }) => revoked],
  ['a disabled client', ({ disabled }) => disabled],
  ['a deleted client', ({ deleted }) => deleted],
  ['a public client', (clients) => clients.public],
];

/** What would be a good request at each endpoint, were the client authenticated. */
const FORMS: Readonly<Record<FormEndpoint, Readonly<Record<string, string>>>> = {
  token_endpoint: { grant_type: 'client_credentials' },
  introspection_endpoint: { token: 'a-token-that-nobody-issued' },
  revocation_endpoint: { token: 'a-token-that-nobody-issued' },
};

/** Client authentication, whatever the method (RFC 6749 §2.3, RFC 7662 §2.1, RFC 7009 §2.1). */
export function describeClientAuthentication(suite: () => Suite): void {
  describe('client authentication', () => {
    for (const endpoint of FORM_ENDPOINTS) describeEndpoint(endpoint, suite);

    it('takes both secrets of a client while one replaces the other (RFC 6749 §2.3.1)', async () => {
      const { overlapping, secondOfOverlapping } = suite().clients;
      for (const client of [overlapping, secondOfOverlapping]) {
        assertToken(await suite().requestToken(client), { scope: ORDERS_SCOPE });
      }
    });
  });
}

function describeEndpoint(endpoint: FormEndpoint, suite: () => Suite): void {
  const form = FORMS[endpoint];
  const inHeader = (client: Credentials, query?: string) =>
    suite().post(endpoint, form, { Authorization: basic(client) }, query);
  const inBody = ({ client_id, client_secret }: Credentials, headers = {}) =>
    suite().post(endpoint, { ...form, client_id, client_secret }, headers);

  describe(endpoint, () => {
    it('refuses a request without credentials as invalid_client, with a challenge (RFC 6749 §5.2, RFC 9110 §15.5.2)', async () => {
      assertNotAuthenticated(await suite().post(endpoint, form));
    });

    it('refuses a method that is not there as invalid_client (RFC 6749 §5.2)', async () => {
      const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer';
      const assertion = { client_assertion_type, client_assertion: 'e30.e30.an-assertion-of-a-client' };
      assertNotAuthenticated(await suite().post(endpoint, { ...form, ...assertion }));
    });

    for (const [what, credentials] of REFUSED) {
      it(`answers ${what} as an unknown client, byte for byte (RFC 6749 §5.2)`, async () => {
        const client = credentials(suite().clients);
        const unknown = { ...client, client_id: 'nobody' };
        assertNotAuthenticated(await inHeader(unknown));
        assert.deepEqual(await inHeader(client), await inHeader(unknown));
        assert.deepEqual(await inBody(client), await inBody(unknown));
        assert.deepEqual(await inBody(client), await inHeader(client));
      });
    }

    it('refuses credentials in header and body as invalid_request, though both are right (RFC 6749 §2.3)', async () => {
      const { singleResource } = suite().clients;
      assertError(
        await inBody(singleResource, { Authorization: basic(singleResource) }),
        'invalid_request',
        BOTH,
      );
    });

    it('refuses credentials in the request URI as invalid_request (RFC 6749 §2.3.1)', async () => {
      const { client_id, client_secret } = suite().clients.singleResource;
      for (const query of [
        { client_id, client_secret },
        { client_secret: '' },
        { client_assertion: 'a.b.c' },
      ]) {
        const answer = await suite().post(endpoint, form, {}, `?${new URLSearchParams(query)}`);
        assertError(answer, 'invalid_request', IN_URI);
      }
    });

    it('refuses a secret in the request URI also beside good credentials as invalid_request (RFC 6749 §2.3.1)', async () => {
      const { singleResource } = suite().clients;
      const answer = await inHeader(singleResource, `?client_secret=${singleResource.client_secret}`);
      assertError(answer, 'invalid_request', IN_URI);
    });

    it('reads no parameter from the request URI (RFC 6749 §3.2, RFC 7662 §2.1, RFC 7009 §2.1)', async () => {
      const { singleResource } = suite().clients;
      const [name] = Object.keys(form);
      const query = `?${new URLSearchParams({ ...form, client_id: singleResource.client_id })}`;
      const answer = await suite().post(endpoint, '', { Authorization: basic(singleResource) }, query);
      assert.equal(answer.status, 400);
      assert.match(
        answer.text,
        new RegExp(`^{"error":"invalid_request","error_description":"${name} is missing`),
      );
    });
  });
}
