import assert from 'node:assert/strict';
import { createHmac, createPublicKey, hash } from 'node:crypto';
import { beforeEach, describe, it, mock } from 'node:test';
import fc from 'fast-check';
import { type AccessTokenClaims, issueAccessToken, readAccessToken } from '../../core/access-token.ts';
import type { Authorization } from '../../core/grants/grant.ts';
import { decodeJwt, signJwt } from '../../core/jwt.ts';
import { publishSigningKey, retireSigningKey } from '../../core/management/signing-keys.ts';
import { isReferenceToken } from '../../core/reference-token.ts';
import type { KeySet, SigningKey } from '../../core/signing-key.ts';
import { makeClient, makeResource, makeSigningKey, scopes } from '../support/records.ts';
import { createTestIssuer, type TestIssuer } from '../support/test-issuer.ts';

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

let issuer: TestIssuer;
let keySet: KeySet;
let key: SigningKey;

beforeEach(async () => {
  issuer = await createTestIssuer(['ES256', 'ES384']);
  keySet = await issuer.signingKeys.load();
  key = firstKey(keySet);
});

function firstKey({ keys: [first] }: KeySet): SigningKey {
  assert.ok(first);
  return first;
}

function authorization(
  client: object = {},
  resource: object = {},
  ...scope: readonly string[]
): Authorization {
  return {
    client: makeClient('backend', client),
    resources: [makeResource('https://api.example.com', resource)],
    scope: new Set(scopes(...scope)),
  };
}

describe('issueAccessToken', () => {
  it('makes the RFC 9068 token of an authorization: every required claim (§2.2), typ at+jwt (§2.1)', async () => {
    const {
      access_token,
      claims,
      key: signedBy,
    } = await issueAccessToken(authorization({}, {}, 'write', 'read'), keySet, issuer);
    const jwt = decodeJwt(access_token);
    assert.ok(jwt);
    assert.deepEqual(jwt.header, { typ: 'at+jwt', alg: 'ES256', kid: key.kid });
    assert.deepEqual(jwt.claims, {
      iss: 'https://auth.example.com',
      exp: 1_800_003_600,
      aud: 'https://api.example.com',
      sub: 'backend',
      client_id: 'backend',
      iat: 1_800_000_000,
      jti: claims.jti,
      scope: 'write read',
    });
    assert.deepEqual(jwt.claims, claims);
    assert.equal(signedBy, key);
  });

  it('has no scope claim when no scope was given (RFC 9068 §2.2.3)', async () => {
    const { claims } = await issueAccessToken(authorization(), keySet, issuer);
    assert.equal('scope' in claims, false);
  });

  it('gives each token an identifier of its own, of 128 random bits (RFC 7519 §4.1.7)', async () => {
    const issued = await Promise.all(
      Array.from({ length: 200 }, () => issueAccessToken(authorization(), keySet, issuer)),
    );
    const jtis = issued.map(({ claims }) => claims.jti);
    assert.equal(new Set(jtis).size, jtis.length);
    for (const jti of jtis) assert.equal(Buffer.from(jti, 'base64url').length, 16);
  });

  for (const [client, resource, seconds] of [
    [undefined, undefined, 3_600],
    [undefined, 7_200, 7_200],
    [600, undefined, 600],
    [7_200, undefined, 3_600],
    [600, 7_200, 600],
    [7_200, 600, 600],
  ] as const) {
    it(`lives ${seconds} s where the client has ${client ?? 'none'}, the resource ${resource ?? 'none'}, the issuer 3600`, async () => {
      const lifetime = (value: number | undefined) =>
        value === undefined ? {} : { access_token_lifetime: value };
      const { claims } = await issueAccessToken(
        authorization(lifetime(client), lifetime(resource)),
        keySet,
        issuer,
      );
      assert.equal(claims.exp - claims.iat, seconds);
    });
  }

  it('is for all of several resources, and lives no longer than any of them has it (RFC 8707 §2, RFC 7519 §4.1.3)', async () => {
    const ofOne = authorization({}, { access_token_lifetime: 600 }, 'read');
    const other = makeResource('urn:other', { access_token_lifetime: 300 });
    const third = makeResource('urn:third');
    const ofThree = { ...ofOne, resources: [...ofOne.resources, other, third] } as const;
    const { access_token, claims } = await issueAccessToken(ofThree, keySet, issuer);
    assert.deepEqual(claims.aud, ['https://api.example.com', 'urn:other', 'urn:third']);
    assert.equal(claims.exp - claims.iat, 300);
    assert.deepEqual(readAccessToken(access_token, keySet, issuer), claims);
  });

  it('is signed with the algorithm of the resource before that of the issuer', async () => {
    const ofResource = authorization({}, { access_token_signing_alg: 'ES384' });
    assert.equal((await issueAccessToken(ofResource, keySet, issuer)).key?.alg, 'ES384');
    const byDefault = await issueAccessToken(authorization(), keySet, { ...issuer, defaultAlg: 'ES384' });
    assert.equal(byDefault.key?.alg, 'ES384');
  });

  it('is a reference token where the resource wants one: the same claims, kept under its hash, and nothing signed', async () => {
    const sign = mock.method(issuer.signer, 'sign');
    const add = mock.method(issuer.tokens, 'add');
    const forReferences = authorization({}, { access_token_format: 'reference' }, 'read');
    const { access_token, claims, ...rest } = await issueAccessToken(forReferences, keySet, issuer);
    assert.ok(isReferenceToken(access_token));
    assert.deepEqual(claims, {
      iss: 'https://auth.example.com',
      exp: 1_800_003_600,
      aud: 'https://api.example.com',
      sub: 'backend',
      client_id: 'backend',
      iat: 1_800_000_000,
      jti: hash('sha256', access_token, 'base64url'),
      scope: 'read',
    });
    assert.deepEqual(rest, {});
    assert.equal(sign.mock.callCount(), 0);
    assert.deepEqual(
      add.mock.calls.map((call) => call.arguments),
      [[claims]],
    );
    assert.deepEqual(await issuer.tokens.find(claims.jti), claims);
  });

  it('is no token that was not kept', async () => {
    const full = new Error('the store is full');
    mock.method(issuer.tokens, 'add', () => Promise.reject(full));
    const forReferences = authorization({}, { access_token_format: 'reference' });
    await assert.rejects(issueAccessToken(forReferences, keySet, issuer), full);
  });

  it('is a JWT where the resource says so, as where it says nothing', async () => {
    const forJwts = authorization({}, { access_token_format: 'at+jwt' });
    const { access_token } = await issueAccessToken(forJwts, keySet, issuer);
    assert.equal(decodeJwt(access_token)?.header['typ'], 'at+jwt');
  });

  it('fails when no key signs with the algorithm', async () => {
    const ofResource = authorization({}, { access_token_signing_alg: 'RS256' });
    await assert.rejects(issueAccessToken(ofResource, keySet, issuer), {
      code: 'server_error',
      description: 'the issuer has no key that signs with RS256',
      reason: 'no_signing_key',
    });
  });
});

describe('readAccessToken', () => {
  const issue = async (): Promise<{ access_token: string; claims: AccessTokenClaims }> =>
    issueAccessToken(authorization({}, {}, 'read'), keySet, issuer);

  it('reads a token of the issuer’s until the second in which it expires (RFC 9068 §4)', async () => {
    const { access_token, claims } = await issue();
    assert.deepEqual(readAccessToken(access_token, keySet, issuer), claims);
    issuer.time.now = claims.exp - 1;
    assert.deepEqual(readAccessToken(access_token, keySet, issuer), claims);
    issuer.time.now = claims.exp;
    assert.equal(readAccessToken(access_token, keySet, issuer), 'expired');
  });

  it('reads a token of a retired key until it expires, and knows the key no longer once it has left the JWKS', async () => {
    const { access_token, claims } = await issue();
    await retireSigningKey(key.kid, issuer);
    keySet = await issuer.signingKeys.load();
    issuer.time.now = claims.exp - 1;
    assert.deepEqual(readAccessToken(access_token, keySet, issuer), claims);
    issuer.time.now += 2 * 86_400;
    assert.equal(readAccessToken(access_token, keySet, issuer), 'unknown_key');
  });

  it('reads a token as long as tokens get', async () => {
    const { claims } = await issue();
    const long = { ...claims, padding: 'a'.repeat(24_000) };
    const token = await sign(long);
    assert.ok(token.length > 32_000 && token.length <= 32_768);
    assert.deepEqual(readAccessToken(token, keySet, issuer), long);
  });

  it('looks the key up by kid, also among several of one algorithm', async () => {
    const { access_token, claims } = await issue();
    await publishSigningKey(await issuer.createSigningKey('ES256'), issuer);
    const later = await issuer.signingKeys.load();
    assert.deepEqual(readAccessToken(access_token, later, issuer), claims);
  });

  const forgeries: readonly [string, string, (claims: AccessTokenClaims) => Promise<string> | string][] = [
    ['garbage', 'malformed', () => 'garbage'],
    ['a token longer than any', 'malformed', (claims) => sign({ ...claims, padding: 'a'.repeat(24_500) })],
    [
      'alg none without a signature',
      'wrong_algorithm',
      (claims) => `${encode({ typ: 'at+jwt', alg: 'none', kid: key.kid })}.${encode(claims)}.`,
    ],
    [
      'an HMAC made with the public key (RFC 8725 §2.1)',
      'wrong_algorithm',
      (claims) => hmacWithPublicKey(claims),
    ],
    [
      'the algorithm of another key',
      'wrong_algorithm',
      (claims) =>
        signJwt(
          'at+jwt',
          claims,
          { ...key, alg: 'ES384' },
          { sign: (_, input) => issuer.signer.sign(key, input) },
        ),
    ],
    [
      'a JWT of another type (RFC 8725 §3.11)',
      'wrong_type',
      (claims) => signJwt('JWT', claims, key, issuer.signer),
    ],
    ['a key that is not the issuer’s', 'unknown_key', (claims) => signedByStranger(claims, {})],
    [
      'another key under the kid of the issuer’s',
      'wrong_signature',
      (claims) => signedByStranger(claims, { kid: key.kid }),
    ],
    [
      'another issuer with the same key',
      'wrong_issuer',
      (claims) => sign({ ...claims, iss: 'https://auth.example.com/' }),
    ],
    ['a claim that is missing', 'malformed', ({ jti, ...claims }) => sign(claims)],
    ['an exp that is no number', 'malformed', (claims) => sign({ ...claims, exp: '9999999999' })],
    ['an aud that is a list of none', 'malformed', (claims) => sign({ ...claims, aud: [] })],
    ['an aud that is a list of one', 'malformed', (claims) => sign({ ...claims, aud: [claims.aud] })],
    ['an aud with what is no resource', 'malformed', (claims) => sign({ ...claims, aud: [claims.aud, 'x'] })],
    [
      'an aud of six resources',
      'malformed',
      (claims) => sign({ ...claims, aud: Array.from({ length: 6 }, (_, n) => `urn:${n}`) }),
    ],
    ['an exp in the past', 'expired', (claims) => sign({ ...claims, exp: claims.iat })],
  ];
  for (const [what, refusal, forge] of forgeries) {
    it(`finds ${what} to be ${refusal}`, async () => {
      const { claims } = await issue();
      assert.equal(readAccessToken(await forge(claims), keySet, issuer), refusal);
    });
  }

  it('looks at no key that a token brings: jwk, jku, x5u (RFC 8725 §3.10)', async () => {
    const { claims } = await issue();
    const stranger = makeSigningKey(await issuer.createSigningKey('ES256'));
    const brought = { jwk: stranger.public_jwk, jku: 'https://a', x5u: 'https://a' };
    const token = await signWithHeader({ kid: stranger.kid, ...brought }, claims, stranger);
    assert.equal(readAccessToken(token, keySet, issuer), 'unknown_key');
  });

  it('reads no token with a critical extension, for it knows none (RFC 7515 §4.1.11)', async () => {
    const { claims } = await issue();
    for (const crit of [['exp'], ['b64'], [], null]) {
      const token = await signWithHeader({ kid: key.kid, crit }, claims, key);
      assert.equal(readAccessToken(token, keySet, issuer), 'malformed');
    }
    assert.deepEqual(
      readAccessToken(await signWithHeader({ kid: key.kid }, claims, key), keySet, issuer),
      claims,
    );
  });

  it('reads no mutation of a good token', async () => {
    const { access_token, claims } = await issue();
    const at = fc.nat(access_token.length - 1);
    const character = fc.oneof(
      fc.constantFrom('.', '-', '_', 'A', 'Q', '=', ' '),
      fc.string({ maxLength: 2 }),
    );
    const splice = fc.tuple(at, fc.nat(3), character).map(([from, count, text]) => {
      return access_token.slice(0, from) + text + access_token.slice(from + count);
    });
    const cut = at.map((length) => access_token.slice(0, length));
    const swap = fc
      .shuffledSubarray(access_token.split('.'), { minLength: 1 })
      .map((parts) => parts.join('.'));
    fc.assert(
      fc.property(fc.oneof({ weight: 8, arbitrary: splice }, cut, swap), (token) => {
        const read = readAccessToken(token, keySet, issuer);
        if (token === access_token) assert.deepEqual(read, claims);
        else assert.equal(typeof read, 'string', token);
      }),
      { numRuns: 2_000 },
    );
  });

  function sign(claims: object): Promise<string> {
    return signJwt('at+jwt', claims, key, issuer.signer);
  }

  async function signWithHeader(header: object, claims: object, signedBy: SigningKey): Promise<string> {
    const signingInput = `${encode({ typ: 'at+jwt', alg: 'ES256', ...header })}.${encode(claims)}`;
    const signature = await issuer.signer.sign(signedBy, Buffer.from(signingInput));
    return `${signingInput}.${Buffer.from(signature).toString('base64url')}`;
  }

  async function signedByStranger(claims: object, members: Partial<SigningKey>): Promise<string> {
    const stranger = makeSigningKey(await issuer.createSigningKey('ES256'), members);
    return signJwt('at+jwt', claims, stranger, issuer.signer);
  }

  function hmacWithPublicKey(claims: object): string {
    const pem = createPublicKey({ key: key.public_jwk, format: 'jwk' }).export({
      format: 'pem',
      type: 'spki',
    });
    const signingInput = `${encode({ typ: 'at+jwt', alg: 'HS256', kid: key.kid })}.${encode(claims)}`;
    return `${signingInput}.${createHmac('sha256', pem).update(signingInput).digest('base64url')}`;
  }
});
