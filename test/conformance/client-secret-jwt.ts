import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { makeClientKey, presenting } from '../support/client-assertion.ts';
import { MAC_ALGS, macAssertion, macBy } from '../support/mac-assertion.ts';
import { assertError, assertInactive, assertNotAuthenticated, assertToken } from './answers.ts';
import { ORDERS_SCOPE } from './registrations.ts';
import { basic, type FormEndpoint, type Suite } from './suite.ts';

type Claims = Readonly<Record<string, unknown>>;

const GRANT = { grant_type: 'client_credentials' };
const INTROSPECTED = { token: 'a-token-that-nobody-issued' };

/** Client authentication by an assertion with a MAC that the client's secret keys (RFC 7523 §2.2, OpenID Connect Core §9). */
export function describeClientSecretJwt(suite: () => Suite): void {
  const client_id = `mac-${randomUUID()}`;
  const keyed = { ...makeClientKey('RSA'), client_id: `rsa-${randomUUID()}` };
  let secret: string;
  let second: string;

  const sign = (claims: Claims = {}, alg = 'HS256', by = macBy(secret, alg)) => {
    const now = Math.floor(Date.now() / 1000);
    const good = { iss: client_id, sub: client_id, aud: suite().issuer, exp: now + 60, jti: randomUUID() };
    return macAssertion(secret, alg, { claims: { ...good, ...claims }, sign: by });
  };
  const post = (assertion: string, headers = {}) =>
    suite().post('token_endpoint', { ...presenting(assertion), ...GRANT }, headers);

  describe('client_secret_jwt', () => {
    before(async () => {
      const { target, resources } = suite();
      const access = ['--resource', `${resources.orders} ${ORDERS_SCOPE}`];
      const create = ['clients', 'create', client_id, ...access, '--auth-method', 'client_secret_jwt'];
      secret = String(Object(await target.signet(create)).client_secret);
      second = String(Object(await target.signet(['clients', 'secrets', 'add', client_id])).client_secret);
      const byKey = ['--auth-method', 'private_key_jwt', '--jwks', '-'];
      await target.signet(['clients', 'create', keyed.client_id, ...byKey], JSON.stringify(keyed.jwk));
    });

    for (const alg of MAC_ALGS) {
      it(`authenticates a client by an assertion with ${alg}, and needs no client_id (RFC 7523 §2.2, OpenID Connect Core §9)`, async () => {
        assertToken(await post(await sign({}, alg)), { scope: ORDERS_SCOPE });
      });
    }

    it('authenticates at introspection and revocation as well (RFC 7662 §2.1, RFC 7009 §2.1)', async () => {
      const at = async (endpoint: FormEndpoint) =>
        suite().post(endpoint, { ...presenting(await sign()), ...INTROSPECTED });
      assertInactive(await at('introspection_endpoint'));
      assert.equal((await at('revocation_endpoint')).status, 200);
    });

    it('gives secrets as long as HS512 asks for, and takes two at a time (RFC 7518 §3.2, OpenID Connect Core §16.19)', async () => {
      for (const one of [secret, second]) {
        assert.match(one, /^signet_secret_[0-9A-Za-z]{92}$/);
        assertToken(await post(await sign({}, 'HS512', macBy(one, 'HS512'))), { scope: ORDERS_SCOPE });
      }
    });

    it('takes an assertion once, of 25 requests at once (RFC 7523 §3)', async () => {
      const assertion = await sign();
      const answers = await Promise.all(Array.from({ length: 25 }, () => post(assertion)));
      const [issued, ...others] = answers.sort((a, b) => a.status - b.status);
      assert.equal(issued?.status, 200);
      for (const other of others) assertNotAuthenticated(other);
    });

    for (const [what, claims] of [
      ['another audience', { aud: 'https://another.example.com' }],
      ['another iss than sub', { iss: 'another' }],
      ['no exp', { exp: undefined }],
      ['no jti', { jti: undefined }],
    ] as const) {
      it(`refuses an assertion with ${what} as invalid_client (RFC 7523 §3)`, async () => {
        assertNotAuthenticated(await post(await sign(claims)));
      });
    }

    it('refuses a MAC that no secret of the client keys, as an unknown client (RFC 7523 §3.2)', async () => {
      const refused = await post(await sign({}, 'HS256', macBy('a secret of someone else')));
      assertNotAuthenticated(refused);
      assert.deepEqual(await post(await sign({ iss: 'nobody', sub: 'nobody' })), refused);
    });

    it('refuses a MAC that the public key of a client keys (RFC 8725 §2.1, §3.1)', async () => {
      const pem = keyed.publicKey.export({ type: 'spki', format: 'pem' });
      const claims = { iss: keyed.client_id, sub: keyed.client_id };
      for (const alg of MAC_ALGS)
        assertNotAuthenticated(await post(await sign(claims, alg, macBy(pem, alg))));
    });

    it('refuses its client with the secret itself, and clients of secrets with an assertion (RFC 7591 §2)', async () => {
      const { requestToken, clients } = suite();
      assertNotAuthenticated(await requestToken({ client_id, client_secret: secret }));
      const { client_id: shop, client_secret } = clients.shop;
      assertNotAuthenticated(await post(await sign({ iss: shop, sub: shop }, 'HS256', macBy(client_secret))));
    });

    it('refuses an assertion beside a secret as invalid_request, though both are right (RFC 6749 §2.3)', async () => {
      const answer = await post(await sign(), { Authorization: basic(suite().clients.shop) });
      const both = 'the request authenticates by both client_secret_basic and client_secret_jwt: send one';
      assertError(answer, 'invalid_request', both);
    });
  });
}
