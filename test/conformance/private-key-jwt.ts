import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import {
  ALGS_BY_KEY,
  type ClientKey,
  clientAssertion,
  type KeyKind,
  makeClientKey,
  presenting,
  signerOf,
} from '../support/client-assertion.ts';
import { assertError, assertInactive, assertNotAuthenticated, assertToken } from './answers.ts';
import { ORDERS_SCOPE } from './registrations.ts';
import { basic, FORM_ENDPOINTS, type FormEndpoint, type Suite } from './suite.ts';

type Claims = Readonly<Record<string, unknown>>;

/** What the certificates of some keys would be called. */
const THUMBPRINTS: Readonly<Partial<Record<KeyKind, Claims>>> = {
  'P-256': { 'x5t#S256': 'a'.repeat(43), x5t: 'a'.repeat(27) },
};

const GRANT = { grant_type: 'client_credentials' };
const INTROSPECTED = { token: 'a-token-that-nobody-issued' };
const now = () => Math.floor(Date.now() / 1000);

/** What no assertion may say, and what says it (RFC 7523 §3). */
const REFUSED_CLAIMS: readonly (readonly [what: string, claims: (issuer: string) => Claims])[] = [
  ['another audience', () => ({ aud: 'https://another.example.com' })],
  ['the token endpoint as its audience', (issuer) => ({ aud: `${issuer}/token` })],
  ['an audience beside the issuer', (issuer) => ({ aud: [issuer, 'https://attacker.example.com'] })],
  ['the issuer in a list as its audience', (issuer) => ({ aud: [issuer] })],
  ['the issuer in capitals as its audience', (issuer) => ({ aud: issuer.toUpperCase() })],
  ['no audience', () => ({ aud: undefined })],
  ['another iss than sub', () => ({ iss: 'another' })],
  ['an exp that has passed', () => ({ exp: now() - 120 })],
  ['an exp in more than an hour', () => ({ exp: now() + 4_000 })],
  ['an exp that is a text', () => ({ exp: String(now() + 60) })],
  ['no exp', () => ({ exp: undefined })],
  ['an nbf to come', () => ({ nbf: now() + 300 })],
  ['an nbf that is a text', () => ({ nbf: String(now()) })],
  ['an iat to come', () => ({ iat: now() + 300 })],
  ['an iat that is a text', () => ({ iat: String(now()) })],
  ['no jti', () => ({ jti: undefined })],
];

/** What no assertion may have in its header (RFC 8725 §3, RFC 7515 §4.1.11). */
const REFUSED_HEADERS = [
  ['alg none', { alg: 'none' }],
  ['the type of an access token', { typ: 'at+jwt' }],
  ['the type of a DPoP proof', { typ: 'dpop+jwt' }],
  ['the type of a request object', { typ: 'oauth-authz-req+jwt' }],
  ['a kid that no key has', { kid: 'another' }],
  ['a critical extension', { crit: ['b64'], b64: true }],
] as const;

/** Client authentication by an assertion that the client signed (RFC 7521 §4.2, RFC 7523 §2.2). */
export function describePrivateKeyJwt(suite: () => Suite): void {
  const client_id = `keyed-${randomUUID()}`;
  let keys: Readonly<Record<KeyKind, ClientKey>>;

  const sign = (
    assertion: { claims?: Claims; header?: Claims } = {},
    kind: KeyKind = 'P-256',
    alg = 'ES256',
  ) => {
    const times = { iat: now(), exp: now() + 60, jti: randomUUID() };
    const claims = { iss: client_id, sub: client_id, aud: suite().issuer, ...times, ...assertion.claims };
    return clientAssertion(keys[kind], alg, { header: { ...assertion.header }, claims });
  };
  /** Signs claims that JSON.stringify would not write. */
  const signText = async (change: (claims: string) => string) => {
    const [header, claims = ''] = (await sign()).split('.');
    const changed = change(Buffer.from(claims, 'base64url').toString());
    const signingInput = `${header}.${Buffer.from(changed).toString('base64url')}`;
    const signature = await signerOf(keys['P-256'], 'ES256')(Buffer.from(signingInput));
    return `${signingInput}.${Buffer.from(signature).toString('base64url')}`;
  };
  const post = (assertion: string, form: Readonly<Record<string, string>> = GRANT, headers = {}) =>
    suite().post('token_endpoint', { ...presenting(assertion), ...form }, headers);

  describe('private_key_jwt', () => {
    before(async () => {
      const { target, resources } = suite();
      const kinds = Object.keys(ALGS_BY_KEY) as readonly KeyKind[];
      keys = Object.fromEntries(kinds.map((kind) => [kind, makeClientKey(kind)])) as typeof keys;
      const jwks = JSON.stringify({
        keys: kinds.map((kind) => ({ ...keys[kind].jwk, ...THUMBPRINTS[kind] })),
      });
      const access = ['--resource', `${resources.orders} ${ORDERS_SCOPE}`];
      const method = ['--auth-method', 'private_key_jwt', '--jwks', '-'];
      await target.signet(['clients', 'create', client_id, ...access, ...method], jwks);
    });

    for (const [kind, algs] of Object.entries(ALGS_BY_KEY)) {
      for (const alg of algs) {
        it(`authenticates a client by an assertion signed with ${alg}, and needs no client_id (RFC 7523 §2.2)`, async () => {
          assertToken(await post(await sign({}, kind as KeyKind, alg)), { scope: ORDERS_SCOPE });
        });
      }
    }

    it('takes an assertion that says its type, and one that does not (draft-ietf-oauth-rfc7523bis §4)', async () => {
      for (const typ of ['client-authentication+jwt', 'JWT', undefined])
        assertToken(await post(await sign({ header: { typ } })), { scope: ORDERS_SCOPE });
    });

    it('takes an assertion whose iat and nbf are ten seconds ahead (FAPI 2.0 Security Profile §5.3.2.1)', async () => {
      const ahead = { iat: now() + 10, nbf: now() + 10 };
      assertToken(await post(await sign({ claims: ahead })), { scope: ORDERS_SCOPE });
    });

    it('ignores claims and parameters of the header that it does not know (RFC 7519 §4, RFC 7515 §4)', async () => {
      const unknown = {
        'https://example.com/unknown': { a: [1] },
        azp: 'another',
        jku: 'https://example.com',
      };
      assertToken(await post(await sign({ claims: unknown, header: unknown })), { scope: ORDERS_SCOPE });
    });

    it('reads the last of two claims of one name, as every reader in JavaScript does (RFC 7519 §4)', async () => {
      const another = '"aud":"https://another.example.com"';
      assertToken(await post(await signText((claims) => `{${another},${claims.slice(1)}`)), {
        scope: ORDERS_SCOPE,
      });
      assertNotAuthenticated(await post(await signText((claims) => `${claims.slice(0, -1)},${another}}`)));
    });

    for (const name of ['x5t#S256', 'x5t']) {
      it(`finds the key by the ${name} of its certificate as well (RFC 7515 §4.1.7, §4.1.8)`, async () => {
        const by = (thumbprint: unknown) => sign({ header: { kid: undefined, [name]: thumbprint } });
        assertToken(await post(await by(THUMBPRINTS['P-256']?.[name])), { scope: ORDERS_SCOPE });
        assertNotAuthenticated(await post(await by('another')));
      });
    }

    it('authenticates at introspection and revocation as well (RFC 7662 §2.1, RFC 7009 §2.1)', async () => {
      const at = async (endpoint: FormEndpoint) =>
        suite().post(endpoint, { ...presenting(await sign()), ...INTROSPECTED });
      assertInactive(await at('introspection_endpoint'));
      assert.equal((await at('revocation_endpoint')).status, 200);
    });

    it('takes the client_id of the assertion beside it, and refuses another as invalid_request (RFC 7521 §4.2)', async () => {
      assertToken(await post(await sign(), { ...GRANT, client_id }), { scope: ORDERS_SCOPE });
      const answer = await post(await sign(), { ...GRANT, client_id: suite().clients.shop.client_id });
      assertError(answer, 'invalid_request', 'client_id in the body is not that of the authenticated client');
    });

    it('takes an assertion once, of 25 requests at once and at whichever endpoint (RFC 7523 §3)', async () => {
      const assertion = await sign();
      const answers = await Promise.all(Array.from({ length: 25 }, () => post(assertion)));
      const [issued, ...others] = answers.sort((a, b) => a.status - b.status);
      assert.equal(issued?.status, 200);
      for (const other of others) assertNotAuthenticated(other);
      for (const endpoint of FORM_ENDPOINTS) {
        assertNotAuthenticated(await suite().post(endpoint, { ...presenting(assertion), ...INTROSPECTED }));
      }
    });

    for (const [what, claims] of REFUSED_CLAIMS) {
      it(`refuses an assertion with ${what} as invalid_client (RFC 7523 §3)`, async () => {
        assertNotAuthenticated(await post(await sign({ claims: claims(suite().issuer) })));
      });
    }

    for (const [what, header] of REFUSED_HEADERS) {
      it(`refuses an assertion with ${what} in its header as invalid_client (RFC 7523 §3, RFC 8725 §3)`, async () => {
        assertNotAuthenticated(await post(await sign({ header })));
      });
    }

    it('refuses an assertion by another key, also one that it brings, as an unknown client (RFC 7523 §3.2)', async () => {
      const attacker = makeClientKey('P-256');
      const claims = { iss: client_id, sub: client_id, aud: suite().issuer, exp: now() + 60, jti: 'a' };
      const refused = await post(await clientAssertion(attacker, 'ES256', { claims }));
      assertNotAuthenticated(refused);
      const header = { jwk: attacker.jwk };
      assert.deepEqual(await post(await clientAssertion(attacker, 'ES256', { claims, header })), refused);
      const unknown = { ...claims, iss: 'nobody', sub: 'nobody' };
      assert.deepEqual(await post(await clientAssertion(attacker, 'ES256', { claims: unknown })), refused);
    });

    it('refuses its client with a secret, and clients of secrets with an assertion (RFC 7591 §2)', async () => {
      const { requestToken, clients } = suite();
      assertNotAuthenticated(
        await requestToken({ client_id, client_secret: 'a-secret-that-nobody-gave-it' }),
      );
      const { client_id: shop } = clients.shop;
      assertNotAuthenticated(await post(await sign({ claims: { iss: shop, sub: shop } })));
    });

    it('refuses an assertion beside a secret as invalid_request, though both are right (RFC 6749 §2.3)', async () => {
      const answer = await post(await sign(), GRANT, { Authorization: basic(suite().clients.shop) });
      const both = 'the request authenticates by both client_secret_basic and private_key_jwt: send one';
      assertError(answer, 'invalid_request', both);
    });

    it('refuses an assertion without its type as invalid_request (RFC 7521 §4.2)', async () => {
      const answer = await suite().post('token_endpoint', { ...GRANT, client_assertion: await sign() });
      const together =
        'client_assertion and client_assertion_type stand in the body together or not at all (RFC 7521 section 4.2)';
      assertError(answer, 'invalid_request', together);
    });
  });
}
