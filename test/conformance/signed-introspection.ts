import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import * as v from 'valibot';
import type { Alg } from '../../core/jose/algorithms.ts';
import { assertAnswer, assertError, assertInactive, assertNotAuthenticated, UNCACHED } from './answers.ts';
import type { Credentials } from './registrations.ts';
import { basic } from './suite.ts';
import type { Answer, Wire } from './wire.ts';

/** An issuer that signs introspection responses, and how to manage it. */
interface SigningSuite {
  readonly wire: Wire;
  readonly issuer: string;
  /** The algorithms that it has keys for; RS256 and ES256 among them. */
  readonly algs: readonly Alg[];
  signet(args: readonly string[]): Promise<unknown>;
}

const MEDIA_TYPE = 'application/token-introspection+jwt';
const CreatedSchema = v.object({ client_id: v.string(), client_secret: v.string() });
const MetadataSchema = v.looseObject({ introspection_signing_alg_values_supported: v.array(v.string()) });

/** Introspection responses that are signed (RFC 9701), of an issuer that is told to sign them. */
export function describeSignedIntrospection(suite: () => SigningSuite): void {
  let caller: Credentials;
  let es256Caller: Credentials;
  let stranger: Credentials;
  let token: string;

  const send = (path: string, client: Credentials, form: Readonly<Record<string, string>>, Accept?: string) =>
    suite().wire.send(suite().issuer + path, {
      method: 'POST',
      headers: {
        Authorization: basic(client),
        'Content-Type': 'application/x-www-form-urlencoded',
        Accept,
      },
      body: new URLSearchParams(form).toString(),
    });
  const introspect = (client: Credentials, about: string, Accept?: string) =>
    send('/introspect', client, { token: about }, Accept);

  /** Verifies a signed response as its caller does, and tells what it says of the token. */
  async function verified(
    { status, headers, text }: Answer,
    audience: string,
    alg: string,
  ): Promise<unknown> {
    assert.deepEqual(
      { status, headers },
      { status: 200, headers: { ...UNCACHED, 'content-type': MEDIA_TYPE } },
    );
    const { issuer } = suite();
    const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
    const { payload, protectedHeader } = await jwtVerify(text, keys, { issuer, audience, algorithms: [alg] });
    const { kid, ...header } = protectedHeader;
    assert.deepEqual(header, { typ: 'token-introspection+jwt', alg });
    const { token_introspection, iat, ...others } = payload;
    assert.deepEqual(others, { iss: issuer, aud: audience });
    assert.ok(Math.abs(Number(iat) - Date.now() / 1000) < 30);
    return token_introspection;
  }

  describe('signed introspection', () => {
    before(async () => {
      const tag = randomBytes(4).toString('hex');
      const { signet } = suite();
      const resource = `https://signed.example.com/${tag}`;
      const callers = `caller-${tag} es256-caller-${tag}`;
      await signet(['resources', 'create', resource, '--scopes', 'read', '--introspected-by', callers]);
      const create = async (name: string, ...options: readonly string[]) =>
        v.parse(CreatedSchema, await signet(['clients', 'create', `${name}-${tag}`, ...options]));
      [caller, es256Caller, stranger] = await Promise.all([
        create('caller', '--resource', `${resource} read`),
        create('es256-caller', '--introspection-signed-response-alg', 'ES256'),
        create('stranger'),
      ]);
      const { text } = await send('/token', caller, { grant_type: 'client_credentials' });
      token = String(Object(JSON.parse(text)).access_token);
    });

    it('is told by the metadata, with its algorithms (RFC 9701 §7)', async () => {
      const { text } = await suite().wire.send(`${suite().issuer}/.well-known/oauth-authorization-server`);
      const { introspection_signing_alg_values_supported } = v.parse(MetadataSchema, JSON.parse(text));
      assert.deepEqual(introspection_signing_alg_values_supported, suite().algs);
    });

    it('answers the caller that asks for it by a JWT for it alone, signed with RS256 (RFC 9701 §4, §5, §6)', async () => {
      const said = await verified(await introspect(caller, token, MEDIA_TYPE), caller.client_id, 'RS256');
      assert.deepEqual(said, { active: true, token_type: 'Bearer', ...decodeJwt(token) });
    });

    it('is signed with the algorithm that the caller registered (RFC 9701 §6)', async () => {
      const answer = await introspect(es256Caller, token, MEDIA_TYPE);
      const said = await verified(answer, es256Caller.client_id, 'ES256');
      assert.equal(Object(said).active, true);
    });

    it('says of an inactive token nothing else, signed too (RFC 9701 §5)', async () => {
      const answer = await introspect(caller, 'a-token-that-nobody-issued', MEDIA_TYPE);
      assert.deepEqual(await verified(answer, caller.client_id, 'RS256'), { active: false });
    });

    it('tells a caller that the resource does not name nothing but inactive (RFC 9701 §5)', async () => {
      const answer = await introspect(stranger, token, MEDIA_TYPE);
      assert.deepEqual(await verified(answer, stranger.client_id, 'RS256'), { active: false });
    });

    for (const accept of [undefined, '*/*', 'application/json', `${MEDIA_TYPE};q=0.5, application/json`]) {
      it(`answers in JSON when that is what is asked: ${accept ?? 'no Accept'} (RFC 7662 §2.2)`, async () => {
        const body = { active: true, token_type: 'Bearer', ...decodeJwt(token) };
        assertAnswer(await introspect(caller, token, accept), { status: 200, headers: UNCACHED, body });
      });
    }

    it('answers only a caller that is authenticated (RFC 9701 §4)', async () => {
      assertNotAuthenticated(await introspect({ ...caller, client_secret: 'wrong' }, token, MEDIA_TYPE));
    });

    it('gives no token to a caller that is registered for introspection alone (RFC 9701 §3)', async () => {
      const answer = await send('/token', es256Caller, { grant_type: 'client_credentials' });
      const description = 'the client is not registered for the grant client_credentials';
      assertError(answer, 'unauthorized_client', description);
    });

    it('refuses a request without token in JSON (RFC 9701 §5)', async () => {
      const description = 'token is missing from the body (RFC 7662 section 2.1)';
      assertError(await introspect(caller, '', MEDIA_TYPE), 'invalid_request', description);
    });

    it('makes a JWT that is no access token (RFC 9701 §8.1)', async () => {
      const { text } = await introspect(caller, token, MEDIA_TYPE);
      assertInactive(await introspect(caller, text));
    });

    it('makes a JWT that is no client assertion (RFC 9701 §8.1)', async () => {
      const { text } = await introspect(caller, token, MEDIA_TYPE);
      const form = {
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: text,
      };
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const body = new URLSearchParams(form).toString();
      const { wire, issuer } = suite();
      assertNotAuthenticated(await wire.send(`${issuer}/token`, { method: 'POST', headers, body }));
    });
  });
}
