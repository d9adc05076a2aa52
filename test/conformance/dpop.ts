import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { calculateJwkThumbprint, decodeJwt } from 'jose';
import { ALGS_BY_KEY, type ClientKey, type KeyKind, makeClientKey } from '../support/client-assertion.ts';
import { dpopProof, jwkOf, type ProofChanges } from '../support/dpop-proof.ts';
import { assertAnswer, assertError, assertNotAuthenticated, UNCACHED } from './answers.ts';
import { type Credentials, ORDERS_SCOPE } from './registrations.ts';
import { basic, type Suite } from './suite.ts';
import type { Answer } from './wire.ts';

const now = () => Math.floor(Date.now() / 1000);

const NOT_A_JWT =
  'the DPoP header is not one signed JWT with htm, htu, iat and a jti of at most 255 characters';
const WRONG_KEY = 'the jwk of the DPoP proof is not a public key that its alg can be used with';
const WRONG_URI = 'the htu of the DPoP proof is not the token endpoint';

/** What differs from a good proof, and what is said of it. */
const REFUSED: readonly (readonly [
  what: string,
  changes: (issuer: string, key: ClientKey) => ProofChanges,
  description: string,
])[] = [
  ['the type of any JWT', () => ({ header: { typ: 'JWT' } }), 'the typ of the DPoP proof is not dpop+jwt'],
  ['no type', () => ({ header: { typ: undefined } }), 'the typ of the DPoP proof is not dpop+jwt'],
  [
    'alg none',
    () => ({ header: { alg: 'none' } }),
    'the alg of the DPoP proof is none of dpop_signing_alg_values_supported',
  ],
  [
    'a symmetric alg',
    () => ({ header: { alg: 'HS256' } }),
    'the alg of the DPoP proof is none of dpop_signing_alg_values_supported',
  ],
  ['no key', () => ({ header: { jwk: undefined } }), WRONG_KEY],
  ['its private key', (_, key) => ({ header: { jwk: jwkOf(key.privateKey) } }), WRONG_KEY],
  [
    'the key of another',
    () => ({ header: { jwk: jwkOf(makeClientKey('P-256').publicKey) } }),
    'the DPoP proof is not signed by its jwk',
  ],
  ['a critical extension', () => ({ header: { crit: ['b64'], b64: true } }), NOT_A_JWT],
  ['another method', () => ({ claims: { htm: 'GET' } }), 'the htm of the DPoP proof is not POST'],
  ['no htm', () => ({ claims: { htm: undefined } }), 'the htm of the DPoP proof is not POST'],
  ['another endpoint', (issuer) => ({ claims: { htu: `${issuer}/introspect` } }), WRONG_URI],
  ['another host', () => ({ claims: { htu: 'https://attacker.example.com/token' } }), WRONG_URI],
  ['no htu', () => ({ claims: { htu: undefined } }), WRONG_URI],
  [
    'an iat of long ago',
    () => ({ claims: { iat: now() - 300 } }),
    'the iat of the DPoP proof is too long ago',
  ],
  ['an iat to come', () => ({ claims: { iat: now() + 300 } }), 'the iat of the DPoP proof is still to come'],
  ['no iat', () => ({ claims: { iat: undefined } }), NOT_A_JWT],
  ['no jti', () => ({ claims: { jti: undefined } }), NOT_A_JWT],
  ['a jti of 256 characters', () => ({ claims: { jti: 'x'.repeat(256) } }), NOT_A_JWT],
];

/** Tokens that are bound to a key of the client (RFC 9449), by an issuer that wants no nonces. */
export function describeDpop(suite: () => Suite): void {
  const keys = new Map<string, ClientKey>();
  const keyOf = (kind: KeyKind) => {
    const key = keys.get(kind) ?? makeClientKey(kind);
    keys.set(kind, key);
    return key;
  };
  const prove = (changes?: ProofChanges, kind: KeyKind = 'P-256', alg = 'ES256') =>
    dpopProof(keyOf(kind), alg, suite().metadata.token_endpoint, now(), changes);
  const ask = (DPoP: string | readonly string[] | undefined, client: Credentials = suite().clients.shop) =>
    suite().post('token_endpoint', { grant_type: 'client_credentials' }, dpopHeaders(client, DPoP));

  describe('DPoP', () => {
    for (const [kind, algs] of Object.entries(ALGS_BY_KEY)) {
      for (const alg of algs) {
        it(`binds a token to the key of a proof that is signed with ${alg} (RFC 9449 §4.3, §5, §6.1)`, async () => {
          const answer = await ask(await prove({}, kind as KeyKind, alg));
          const token = assertBoundToken(answer, ORDERS_SCOPE);
          const jkt = await calculateJwkThumbprint(jwkOf(keyOf(kind as KeyKind).publicKey));
          assert.deepEqual(decodeJwt(token)['cnf'], { jkt });
        });
      }
    }

    it('binds a token however the client authenticates: by client_secret_post as well (RFC 9449 §5)', async () => {
      const { client_id, client_secret } = suite().clients.postOnly;
      const form = { grant_type: 'client_credentials', client_id, client_secret };
      assertBoundToken(await suite().post('token_endpoint', form, { DPoP: await prove() }), ORDERS_SCOPE);
    });

    it('tells by introspection what a token is bound to, and revokes it without a proof (RFC 9449 §6.2)', async () => {
      const { clients } = suite();
      for (const client of [clients.shop, clients.ledger]) {
        const { access_token } = JSON.parse((await ask(await prove(), client)).text);
        const introspect = async () =>
          JSON.parse(
            (await suite().postAs(clients.introspector, 'introspection_endpoint', { token: access_token }))
              .text,
          );
        const { active, token_type, cnf } = await introspect();
        const jkt = await calculateJwkThumbprint(jwkOf(keyOf('P-256').publicKey));
        assert.deepEqual({ active, token_type, cnf }, { active: true, token_type: 'DPoP', cnf: { jkt } });
        await suite().postAs(client, 'revocation_endpoint', { token: access_token });
        assert.deepEqual(await introspect(), { active: false });
      }
    });

    it('takes the token endpoint in each of its spellings, whatever its query (RFC 9449 §4.3, RFC 3986 §6.2)', async () => {
      const { token_endpoint } = suite().metadata;
      for (const htu of [
        ...[`${token_endpoint}?a=b#c`, token_endpoint.replace(/^http/, 'HTTP')],
        ...[token_endpoint.replace(/token$/, 'a/../%74oken')],
      ]) {
        assertBoundToken(await ask(await prove({ claims: { htu } })), ORDERS_SCOPE);
      }
    });

    it('takes a proof whose iat is ten seconds ahead (FAPI 2.0 Security Profile §5.3.2.1)', async () => {
      assertBoundToken(await ask(await prove({ claims: { iat: now() + 10 } })), ORDERS_SCOPE);
    });

    for (const [what, changes, description] of REFUSED) {
      it(`refuses a proof with ${what} as invalid_dpop_proof (RFC 9449 §4.3, §5)`, async () => {
        const answer = await ask(await prove(changes(suite().issuer, keyOf('P-256'))));
        assertError(answer, 'invalid_dpop_proof', description);
      });
    }

    it('refuses two DPoP headers, also of one proof, as invalid_dpop_proof (RFC 9449 §4.3)', async () => {
      const proof = await prove();
      for (const other of [proof, await prove()]) {
        assertError(await ask([proof, other]), 'invalid_dpop_proof', NOT_A_JWT);
      }
      assertBoundToken(await ask(proof), ORDERS_SCOPE);
    });

    for (const header of ['a proof', 'a.b.c', '"\\"', 'e30.e30']) {
      it(`refuses the DPoP header ${JSON.stringify(header)} as invalid_dpop_proof (RFC 9449 §4.3, §5)`, async () => {
        assertError(await ask(header), 'invalid_dpop_proof', NOT_A_JWT);
      });
    }

    it('takes a proof once, of 25 requests at once (RFC 9449 §11.1)', async () => {
      const proof = await prove();
      const answers = await Promise.all(Array.from({ length: 25 }, () => ask(proof)));
      const [issued, ...others] = answers.sort((a, b) => a.status - b.status);
      assert.equal(issued?.status, 200);
      for (const other of others) {
        assertError(other, 'invalid_dpop_proof', 'the DPoP proof was used before');
      }
    });

    it('does not use up the proof of a request that is refused for something else (RFC 9449 §11.1)', async () => {
      const proof = await prove();
      const { shop } = suite().clients;
      assertNotAuthenticated(await ask(proof, { ...shop, client_secret: 'wrong' }));
      const form = { grant_type: 'client_credentials', scope: 'admin' };
      const refused = await suite().post('token_endpoint', form, dpopHeaders(shop, proof));
      assertError(refused, 'invalid_scope', 'the client may not have this scope at this resource: admin');
      assertBoundToken(await ask(proof), ORDERS_SCOPE);
    });

    it('refuses a client that is registered for bound tokens a bearer token (RFC 9449 §5.2)', async () => {
      const { dpopBound } = suite().clients;
      const description = 'the client has its tokens bound to a key: send a DPoP header with a proof of it';
      assertError(await ask(undefined, dpopBound), 'invalid_dpop_proof', description);
      assertBoundToken(await ask(await prove(), dpopBound), ORDERS_SCOPE);
    });
  });
}

/** An issuer that wants nonces, and a client of it. */
interface NonceSuite extends Pick<Suite, 'issuer' | 'wire'> {
  readonly client: Credentials & { readonly scope: string };
}

/** What no client has from the issuer. */
const INVENTED = [
  ['text', 'invented'],
  ['an empty text', ''],
  ['a number', 1],
  ['null', null],
  ['a list', ['a']],
  ['an object', { toString: 1 }],
  ['the time with another signature', `${Math.floor(now() / 60)}.AAAA`],
] as const;

/** The nonces of an issuer that wants some in proofs (RFC 9449 §8). */
export function describeDpopNonces(suite: () => NonceSuite): void {
  const key = makeClientKey('P-256');
  const prove = (claims: Readonly<Record<string, unknown>> = {}) =>
    dpopProof(key, 'ES256', `${suite().issuer}/token`, now(), { claims });
  const ask = (DPoP?: string) => {
    const { issuer, wire, client } = suite();
    const headers = { ...dpopHeaders(client, DPoP), 'Content-Type': 'application/x-www-form-urlencoded' };
    return wire.send(`${issuer}/token`, { method: 'POST', headers, body: 'grant_type=client_credentials' });
  };

  describe('DPoP nonces', () => {
    it('are told with the refusal of a proof that has none, and then taken (RFC 9449 §8)', async () => {
      const refused = await ask(await prove());
      const nonce = refused.headers['dpop-nonce'] ?? '';
      assert.match(nonce, /^[\x21\x23-\x5b\x5d-\x7e]+$/, 'RFC 9449 §8.1 gives it these characters');
      assertUseNonce(refused, nonce);
      const { headers, ...answer } = await ask(await prove({ nonce }));
      // When a minute has begun meanwhile there is a new one.
      const { 'dpop-nonce': _, ...others } = headers;
      assertBoundToken({ ...answer, headers: others }, suite().client.scope);
    });

    for (const [what, nonce] of INVENTED) {
      it(`are none that the issuer did not give: ${what} (RFC 9449 §8)`, async () => {
        const answer = await ask(await prove({ nonce }));
        assertUseNonce(answer, answer.headers['dpop-nonce'] ?? '');
      });
    }

    it('are not wanted where there is no proof', async () => {
      const { status, headers, text } = await ask();
      const { token_type } = JSON.parse(text);
      assert.deepEqual([status, headers['dpop-nonce'], token_type], [200, undefined, 'Bearer']);
    });
  });
}

function dpopHeaders(client: Credentials, DPoP: string | readonly string[] | undefined) {
  return { Authorization: basic(client), DPoP: typeof DPoP === 'object' ? [...DPoP] : DPoP };
}

function assertUseNonce(answer: Answer, nonce: string): void {
  const description = 'the DPoP proof has to have the nonce of the DPoP-Nonce header';
  assertError(answer, 'use_dpop_nonce', description, { 'dpop-nonce': nonce });
}

/** Asserts a whole token response with a token that is bound (RFC 9449 §5), and tells the token. */
function assertBoundToken(answer: Answer, scope: string): string {
  const [, access_token = 'a token'] = /"access_token":"([\w.-]+)"/.exec(answer.text) ?? [];
  const body = { access_token, token_type: 'DPoP', expires_in: 3600, scope };
  assertAnswer(answer, { status: 200, headers: UNCACHED, body });
  return access_token;
}
