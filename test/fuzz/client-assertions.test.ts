import assert from 'node:assert/strict';
import { createSecretKey, type KeyObject, sign } from 'node:crypto';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { createClient } from '../../core/management/clients.ts';
import { compactJws, type Sign } from '../conformance/genuine-token.ts';
import { ALGS_BY_KEY, type KeyKind, presenting, signerOf } from '../support/client-assertion.ts';
import { fuzz, mutation, someOf, valueOr } from '../support/fuzz.ts';
import { type InMemoryEndpoints, inMemoryEndpoints, post } from '../support/in-memory-endpoints.ts';
import { createKeyedIssuer, KEYS, type KeyedIssuer, NOW, STOLEN } from '../support/keyed-issuer.ts';
import { MAC_ALGS, macBy } from '../support/mac-assertion.ts';

const KINDS = ['P-256', 'RSA', 'Ed25519', 'P-384'] as const;
const GENUINE = KINDS.flatMap((kind) => ALGS_BY_KEY[kind].map((alg) => ({ kind, alg })));
const NO_ALGS = [
  'none',
  'NONE',
  'es256',
  'HS1',
  'ES256K',
  'RSA-OAEP',
  '',
  7,
  null,
  ['ES256'],
  { alg: 'ES256' },
];
const ALGS = [...GENUINE.map(({ alg }) => alg), ...MAC_ALGS];
const ISSUER = 'https://auth.example.com';
const CLIENTS = ['shop', 'till', 'backend', 'nobody', 'SHOP', 'shop '];

let issuer: KeyedIssuer;
let endpoints: InMemoryEndpoints;
let secret: string;

interface Signature {
  /** Who would sign so. */
  readonly client: string;
  readonly alg: unknown;
  readonly kid?: unknown;
  readonly by: () => Sign;
}

/** Whatever somebody could sign with, who has the keys of `shop`, the secret of `till`, or neither. */
const signatures: fc.Arbitrary<Signature> = fc.oneof(
  fc
    .constantFrom(...GENUINE)
    .map(({ kind, alg }) => ({ client: 'shop', alg, kid: kind, by: () => signerOf(KEYS[kind], alg) })),
  fc.constantFrom(...MAC_ALGS).map((alg) => ({ client: 'till', alg, by: () => macBy(secret, alg) })),
  fc.record({
    client: fc.constantFrom('shop', 'till'),
    alg: fc.oneof(fc.constantFrom<unknown>(...ALGS, ...NO_ALGS), valueOr()),
    kid: valueOr(...KINDS),
    by: fc.oneof(
      fc.constantFrom(...KINDS).map((kind) => () => wrongly(kind)),
      forgeries(),
    ),
  }),
);

function forgeries(): fc.Arbitrary<() => Sign> {
  const { publicKey, jwk } = KEYS.RSA;
  const macs = fc
    .tuple(
      fc.constantFrom<string | Buffer>(
        ...['', JSON.stringify(jwk), String(jwk['n']), Buffer.from(String(jwk['n']), 'base64url')],
        ...[
          publicKey.export({ type: 'spki', format: 'pem' }),
          publicKey.export({ type: 'spki', format: 'der' }),
        ],
      ),
      fc.constantFrom(...MAC_ALGS),
    )
    .map(
      ([key, alg]) =>
        () =>
          macBy(key, alg),
    );
  return fc.oneof(
    macs,
    fc.constant(() => signerOf(STOLEN, 'ES256')),
    fc.uint8Array({ maxLength: 520 }).map((bytes) => () => () => bytes),
    fc.constantFrom(0, 32, 64, 96, 256).map((length) => () => () => new Uint8Array(length)),
  );
}

/** A key of `shop`, with the digest that it takes by default, whatever the header says. */
function wrongly(kind: KeyKind): Sign {
  return (input) => sign(kind === 'Ed25519' ? undefined : 'sha256', input, KEYS[kind].privateKey);
}

const headers = someOf({
  kid: valueOr(...KINDS, undefined, '/dev/null', "' OR 1=1 --"),
  typ: valueOr('JWT', 'client-authentication+jwt', 'at+jwt', 'dpop+jwt', 'jwt'),
  crit: valueOr(['b64'], ['exp']),
  b64: valueOr(false),
  jwk: valueOr(STOLEN.jwk),
  jku: valueOr('https://attacker.example.com/jwks.json', 'http://169.254.169.254/'),
  x5u: valueOr('https://attacker.example.com/cert.pem'),
  x5c: valueOr(['MIIB']),
  x5t: valueOr(),
  'x5t#S256': valueOr(),
  zip: valueOr('DEF'),
});
const claims = someOf({
  iss: valueOr(...CLIENTS, ISSUER),
  sub: valueOr(...CLIENTS),
  aud: valueOr(ISSUER, `${ISSUER}/`, `${ISSUER}/token`, [ISSUER], [ISSUER, 'https://other.example.com']),
  exp: valueOr(NOW - 61, NOW - 59, NOW, NOW + 3_660, NOW + 3_661, NOW + 0.5, String(NOW + 60), NOW * 1_000),
  nbf: valueOr(NOW, NOW + 60, NOW + 61),
  iat: valueOr(NOW, NOW + 60, NOW + 61),
  jti: valueOr('used once', 'shop'),
});
const forms = someOf({
  client_id: fc.constantFrom(...CLIENTS),
  client_assertion_type: fc.constantFrom('urn:ietf:params:oauth:client-assertion-type:saml2-bearer', 'x'),
  client_secret: fc.constantFrom('secret'),
});

before(async () => {
  issuer = await createKeyedIssuer();
  const method = { token_endpoint_auth_method: 'client_secret_jwt' };
  secret = (await createClient('till', method, {}, issuer)).secret?.client_secret ?? '';
  endpoints = inMemoryEndpoints(issuer);
});

describe('whatever a client assertion is', () => {
  it('makes no 5xx, and lets in nobody whose assertion another library finds not good', async () => {
    const seen = new Set<string>();
    const inputs = fc.record({
      ...{ signature: signatures, headers, claims, forms, mutate: mutation },
      client: fc.option(fc.constantFrom(...CLIENTS), { freq: 3, nil: undefined }),
      path: fc.constantFrom('/introspect', '/revoke'),
    });
    await fuzz(inputs, async ({ signature: { alg, kid, by, ...signer }, mutate, path, ...rest }) => {
      const sub = rest.client ?? signer.client;
      const good = { ...issuer.good(), iss: sub, sub };
      const header = { alg, ...(kid === undefined ? {} : { kid }), ...rest.headers };
      const assertion = mutate(await compactJws(header, { ...good, ...rest.claims }, by()));
      const form = { ...presenting(assertion), token: 'x', ...(rest.forms as Record<string, string>) };
      const { statusCode, body } = await endpoints.send(post(path, form));
      assert.ok([200, 400, 401].includes(statusCode), `${statusCode} ${body}`);
      if (statusCode !== 200) return;
      await assertGenuine(assertion);
      const { jti = '' } = decodeJwt(assertion);
      assert.ok(!seen.has(`${sub} ${jti}`), 'a jti is good once');
      seen.add(`${sub} ${jti}`);
    });
    assert.ok(seen.size > 20, `only ${seen.size} were let in: the property shows little`);
  });
});

/** What RFC 7523 §3 asks for, by a library that shares no code with the issuer. */
async function assertGenuine(assertion: string): Promise<void> {
  const { alg = '', typ, crit, ...header } = decodeProtectedHeader(assertion);
  // Without a kid an assertion is for the one key that fits its algorithm.
  const kid = header.kid ?? KINDS.find((kind) => ALGS_BY_KEY[kind].some((one) => one === alg)) ?? '';
  const { sub = '', aud, jti } = decodeJwt(assertion);
  const keys: Readonly<Record<string, KeyObject>> =
    sub === 'till'
      ? { [kid]: createSecretKey(Buffer.from(secret)) }
      : Object.fromEntries(Object.entries(KEYS).map(([name, { publicKey }]) => [name, publicKey]));
  const algorithms = sub === 'till' ? [...MAC_ALGS] : [...(ALGS_BY_KEY[kid as KeyKind] ?? ALGS)];
  const options = { algorithms, issuer: sub, subject: sub, audience: ISSUER, clockTolerance: 60 };
  const key = keys[kid];
  assert.ok(key, 'the key is one of the client');
  await jwtVerify(assertion, key, { ...options, currentDate: new Date(NOW * 1_000) });
  assert.ok(['shop', 'till'].includes(sub) && aud === ISSUER && crit === undefined);
  assert.ok(typeof jti === 'string' && [undefined, 'JWT', 'client-authentication+jwt'].includes(typ));
}
