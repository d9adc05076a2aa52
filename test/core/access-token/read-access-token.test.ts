import assert from 'node:assert/strict';
import { createHmac, createPublicKey } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import type { AccessTokenClaims } from '../../../core/access-token/access-token-claims.ts';
import { issueAccessToken } from '../../../core/access-token/issue-access-token.ts';
import { readAccessToken } from '../../../core/access-token/read-access-token.ts';
import { signJwt } from '../../../core/jose/jwt.ts';
import type { KeySet, SigningKey } from '../../../core/jose/signing-key.ts';
import { publishSigningKey, retireSigningKeys } from '../../../core/management/signing-keys.ts';
import { makeAuthorization, makeSigningKey } from '../../support/records.ts';
import { createTestIssuer, type TestIssuer } from '../../support/test-issuer.ts';

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

let issuer: TestIssuer;
let keySet: KeySet;
let key: SigningKey;

beforeEach(async () => {
  issuer = await createTestIssuer(['ES256', 'ES384']);
  keySet = await issuer.signingKeys.load();
  const [first] = keySet.keys;
  assert.ok(first);
  key = first;
});

describe('readAccessToken', () => {
  const issue = async (): Promise<{ access_token: string; claims: AccessTokenClaims }> =>
    issueAccessToken(makeAuthorization({}, {}, 'read'), keySet, issuer);

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
    await retireSigningKeys(key.alg, () => true, issuer);
    keySet = await issuer.signingKeys.load();
    issuer.time.now = claims.exp - 1;
    assert.deepEqual(readAccessToken(access_token, keySet, issuer), claims);
    issuer.time.now += 2 * 86_400;
    assert.equal(readAccessToken(access_token, keySet, issuer), 'unknown_key');
  });

  it('reads a token as long as tokens get', async () => {
    const { claims } = await issue();
    const long = { ...claims, padding: 'a'.repeat(33_000) };
    const token = await sign(long);
    assert.ok(token.length > 44_000 && token.length <= 45_056);
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
    ['a token longer than any', 'malformed', (claims) => sign({ ...claims, padding: 'a'.repeat(33_900) })],
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
