import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { createLocalJWKSet, decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose';
import { compactJws, type Sign } from '../conformance/genuine-token.ts';
import { ALGS_BY_KEY, makeClientKey, signerOf } from '../support/client-assertion.ts';
import { assertRefused, assertShare, fuzz, mutation, someOf, valueOr } from '../support/fuzz.ts';
import { MAC_ALGS, macBy } from '../support/mac-assertion.ts';
import { publishIssuer } from '../support/published-issuer.ts';
import {
  assertWithinPolicy,
  createRegisteringIssuer,
  type RegisteredClient,
  type RegisteringIssuer,
} from '../support/registering.ts';

const NOW = 1_800_000_000;
const ISSUER = 'https://auth.example.com';
const VENDOR = 'https://vendor.example.com';
const OTHER = 'https://other-vendor.example.com';
const KINDS = ['P-256', 'RSA', 'Ed25519'] as const;
const KEYS = {
  'P-256': makeClientKey('P-256'),
  RSA: makeClientKey('RSA'),
  Ed25519: makeClientKey('Ed25519'),
};
const VENDOR_KEYS = Object.values(KEYS).map(({ jwk }) => jwk);
const ATTACKER = makeClientKey('P-256');
const ALGS = KINDS.flatMap((kind) => ALGS_BY_KEY[kind]);

let issuer: RegisteringIssuer;
let verifiers: ReturnType<typeof createLocalJWKSet>;
before(async () => {
  issuer = await createRegisteringIssuer();
  publishIssuer(issuer.published, VENDOR, VENDOR_KEYS);
  publishIssuer(issuer.published, OTHER, [ATTACKER.jwk]);
  verifiers = createLocalJWKSet({ keys: VENDOR_KEYS.map((jwk) => ({ ...jwk, kty: String(jwk['kty']) })) });
});

interface Signature {
  readonly header: Readonly<Record<string, unknown>>;
  readonly iss: string;
  readonly by: () => Sign;
}

/** The vendor; and whoever else: its key with a wrong algorithm, another issuer, and those who have no key at all. */
const signatures: fc.Arbitrary<Signature> = fc.oneof(
  {
    arbitrary: fc
      .constantFrom(...KINDS.flatMap((kind) => ALGS_BY_KEY[kind].map((alg) => ({ kind, alg }))))
      .map(({ kind, alg }) => ({
        header: { alg, kid: kind },
        iss: VENDOR,
        by: () => signerOf(KEYS[kind], alg),
      })),
    weight: 4,
  },
  {
    arbitrary: fc.record({
      header: fc.record({ alg: valueOr(...ALGS, ...MAC_ALGS, 'none', 'es256'), kid: valueOr(...KINDS) }),
      iss: fc.constantFrom(VENDOR, OTHER),
      by: forgeries(),
    }),
    weight: 1,
  },
);

function forgeries(): fc.Arbitrary<() => Sign> {
  const { publicKey, jwk } = KEYS['P-256'];
  const published = [JSON.stringify(jwk), publicKey.export({ type: 'spki', format: 'pem' }).toString(), ''];
  return fc.oneof(
    fc.constant(() => signerOf(ATTACKER, 'ES256')),
    fc.constantFrom(...published).map((key) => () => macBy(key)),
    fc.uint8Array({ maxLength: 260 }).map((bytes) => () => () => bytes),
    fc.constantFrom(0, 64, 256).map((length) => () => () => new Uint8Array(length)),
  );
}

const headers = someOf({
  alg: valueOr(...ALGS, 'none'),
  kid: valueOr(...KINDS, undefined),
  typ: valueOr('JWT', 'jwt', 'at+jwt', 'dpop+jwt', 'software-statement+jwt'),
  crit: valueOr(['exp']),
  jwk: valueOr(ATTACKER.jwk),
  jku: valueOr('https://attacker.example.com/jwks.json'),
  x5u: valueOr('https://attacker.example.com/cert.pem'),
});
const metadata = {
  client_name: valueOr('Shop', 'Thief'),
  token_endpoint_auth_method: valueOr('client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'),
  grant_types: valueOr(['client_credentials'], ['password']),
  scope: valueOr('read', 'write', 'read write'),
  access_token_lifetime: valueOr(60, 600, 601),
  jwks: valueOr({ keys: [ATTACKER.jwk] }),
  claims: valueOr({ admin: true }),
  roles: valueOr(['admin']),
  subject: valueOr('backend'),
  client_id: valueOr('backend'),
  software_statement: valueOr('a.b.c'),
  large: fc.constantFrom(4_000, 20_000).map((length) => 'x'.repeat(length)),
  deep: fc.constantFrom(4, 40, 4_000).map((depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth))),
};
const claims = someOf({
  ...metadata,
  software_id: valueOr('shop', ['shop'], undefined),
  iss: valueOr(VENDOR, `${VENDOR}/`, OTHER, ISSUER, [VENDOR]),
  aud: valueOr(ISSUER, [ISSUER], [ISSUER, OTHER], OTHER, `${ISSUER}/register`),
  exp: valueOr(NOW - 61, NOW - 59, NOW, NOW + 1e9, String(NOW + 60)),
  nbf: valueOr(NOW, NOW + 60, NOW + 61),
  iat: valueOr(NOW, NOW + 60, NOW + 61),
});
const documents = someOf(metadata);

/** Where much can be wrong each of it seldom is, or nothing would come through. */
function seldom<T>(changed: fc.Arbitrary<T>, as: T): fc.Arbitrary<T> {
  return fc.oneof({ arbitrary: fc.constant(as), weight: 2 }, { arbitrary: changed, weight: 1 });
}

describe('whatever a software statement is', () => {
  it('makes no 5xx, and counts only when another library finds it to be of an issuer that is trusted', async () => {
    const counts = { tried: 0, registered: 0 };
    const inputs = fc.record({
      signature: signatures,
      headers: seldom(headers, {}),
      claims: seldom(claims, {}),
      document: seldom(documents, {}),
      mutate: seldom(mutation, (text) => text),
      isRequired: fc.boolean(),
    });
    await fuzz(inputs, async ({ signature: { header, iss, by }, mutate, ...rest }) => {
      counts.tried += 1;
      const good = { iss, software_id: 'shop', client_name: 'Shop' };
      const statement = mutate(
        await compactJws({ ...header, ...rest.headers }, { ...good, ...rest.claims }, by()),
      );
      const policy = { software_statement_issuers: [VENDOR], software_statement_required: rest.isRequired };
      const document = { ...rest.document, software_statement: statement };
      const registered = await issuer
        .register(await issuer.initialAccessToken(policy), document)
        .catch(assertRefused);
      if (!registered) return;
      counts.registered += 1;
      const said = await assertGenuine(statement);
      assertSaid(Object(registered), { ...rest.document, ...said, software_statement: statement });
      await assertWithinPolicy(registered as RegisteredClient, {}, issuer);
    });
    assertShare(counts.registered, counts.tried);
  });
});

/** What RFC 7591 §2.3 and RFC 7519 §7.2 ask for, by a library that shares no code with the issuer. */
async function assertGenuine(statement: string): Promise<JWTPayload> {
  const options = {
    algorithms: ALGS,
    issuer: VENDOR,
    clockTolerance: 60,
    currentDate: new Date(NOW * 1_000),
  };
  const { payload } = await jwtVerify(statement, verifiers, options);
  const { typ, crit } = decodeProtectedHeader(statement);
  assert.ok(crit === undefined && [undefined, 'JWT'].includes(typ));
  assert.ok([undefined, ISSUER].includes([payload.aud].flat().join(' ') || undefined));
  assert.equal(typeof payload['software_id'], 'string');
  return payload;
}

/** RFC 7591 §2.3, §3.2.1: what a statement says counts before what the document says, and the answer says what was registered. */
function assertSaid(
  answer: Readonly<Record<string, unknown>>,
  said: Readonly<Record<string, unknown>>,
): void {
  for (const name of [
    'software_statement',
    'client_name',
    'token_endpoint_auth_method',
    'access_token_lifetime',
  ])
    if (said[name] !== undefined && said[name] !== null) assert.deepEqual(answer[name], said[name], name);
}
