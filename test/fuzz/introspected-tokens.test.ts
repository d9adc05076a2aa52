import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import type { SigningKey } from '../../core/jose/signing-key.ts';
import { updateResource } from '../../core/management/resources.ts';
import { compactJws, type Sign } from '../conformance/genuine-token.ts';
import { makeClientKey, signerOf } from '../support/client-assertion.ts';
import { fuzz, mutation, someOf, valueOr } from '../support/fuzz.ts';
import { type InMemoryEndpoints, inMemoryEndpoints, post } from '../support/in-memory-endpoints.ts';
import { macBy } from '../support/mac-assertion.ts';
import { basic } from '../support/oauth-request.ts';
import { resourceIdentifier } from '../support/records.ts';
import { createTestIssuer, RESOURCE, type TestIssuer } from '../support/test-issuer.ts';

const NOW = 1_800_000_000;
const ATTACKER = makeClientKey('P-256');

let issuer: TestIssuer;
let endpoints: InMemoryEndpoints;
let key: SigningKey;
let jwt: string;
let reference: string;

before(async () => {
  issuer = await createTestIssuer();
  endpoints = inMemoryEndpoints(issuer);
  const [first] = (await issuer.signingKeys.load()).keys;
  assert.ok(first);
  key = first;
  jwt = await requestToken();
  const format = { access_token_format: 'reference' };
  await updateResource(resourceIdentifier(RESOURCE), format, issuer);
  reference = await requestToken();
});

const ask = (path: string, form: Readonly<Record<string, string>>) =>
  endpoints.send(post(path, form, { Authorization: basic('backend', issuer.client_secret) }));

async function requestToken(): Promise<string> {
  const { body } = await ask('/token', { grant_type: 'client_credentials' });
  return String(JSON.parse(body).access_token);
}

/** Whoever signs: the issuer, to whom not all that it signs is an access token, or somebody else. */
const signers: fc.Arbitrary<() => Sign> = fc.oneof(
  fc.constant(() => (input: Uint8Array) => issuer.signer.sign(key, input)),
  fc.constant(() => signerOf(ATTACKER, 'ES256')),
  fc.constantFrom('pem', 'jwk').map((spelling) => () => macBy(spellingOfKey(spelling))),
  fc.uint8Array({ maxLength: 140 }).map((bytes) => () => () => bytes),
);

function spellingOfKey(spelling: string): string {
  const publicKey = createPublicKey({ key: key.public_jwk, format: 'jwk' });
  return spelling === 'pem'
    ? publicKey.export({ type: 'spki', format: 'pem' }).toString()
    : JSON.stringify(key.public_jwk);
}

const headers = someOf({
  alg: valueOr('ES256', 'none', 'HS256', 'RS256', 'es256'),
  kid: valueOr('another', undefined),
  typ: valueOr('at+jwt', 'JWT', 'application/at+jwt', 'AT+JWT', 'client-authentication+jwt'),
  crit: valueOr(['exp']),
  jwk: valueOr(ATTACKER.jwk),
  jku: valueOr('https://attacker.example.com/jwks.json'),
  x5u: valueOr('https://attacker.example.com/cert.pem'),
});
const claims = someOf({
  iss: valueOr('https://auth.example.com/', 'https://attacker.example.com'),
  aud: valueOr(RESOURCE, [RESOURCE], 'https://other.example.com'),
  sub: valueOr('backend'),
  client_id: valueOr('backend', 'nobody'),
  exp: valueOr(NOW - 1, NOW, NOW + 1, String(NOW + 60)),
  iat: valueOr(NOW),
  jti: valueOr('a'),
  scope: valueOr('read', 'read write admin'),
  cnf: valueOr({ jkt: 'x' }),
});

const tokens: fc.Arbitrary<() => Promise<string>> = fc.oneof(
  fc.constantFrom('jwt', 'reference').map((which) => async () => (which === 'jwt' ? jwt : reference)),
  fc.record({ headers, claims, by: signers }).map((forgery) => () => {
    const header = { ...decodeProtectedHeader(jwt), ...forgery.headers };
    return compactJws(header, { ...decodeJwt(jwt), ...forgery.claims }, forgery.by());
  }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }).map((text) => async () => text),
);

describe('whatever a token that is introspected is', () => {
  it('makes no 5xx, and is active only when another library finds it to be of this issuer', async () => {
    let active = 0;
    const inputs = fc.record({ token: tokens, mutate: mutation });
    await fuzz(inputs, async ({ token, mutate }) => {
      const presented = mutate(await token());
      const { statusCode, body } = await ask('/introspect', { token: presented });
      assert.ok([200, 400].includes(statusCode), `${statusCode} ${body}`);
      if (statusCode === 400) return;
      if (!JSON.parse(body).active) return assert.equal(body, '{"active":false}');
      active += 1;
      if (presented !== reference) await assertGenuine(presented);
    });
    assert.ok(active > 20, `only ${active} were active: the property shows little`);
  });
});

/** What RFC 9068 §4 asks for, by a library that shares no code with the issuer. */
async function assertGenuine(token: string): Promise<void> {
  const publicKey = createPublicKey({ key: key.public_jwk, format: 'jwk' });
  const options = { algorithms: ['ES256'], typ: 'at+jwt', issuer: issuer.identifier, audience: RESOURCE };
  await jwtVerify(token, publicKey, { ...options, currentDate: new Date(NOW * 1_000) });
  const { kid, crit } = decodeProtectedHeader(token);
  assert.deepEqual([kid, crit, decodeJwt(token)['client_id']], [key.kid, undefined, 'backend']);
}
