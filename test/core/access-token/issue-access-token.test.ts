import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { beforeEach, describe, it, mock } from 'node:test';
import { issueAccessToken } from '../../../core/access-token/issue-access-token.ts';
import { readAccessToken } from '../../../core/access-token/read-access-token.ts';
import { isReferenceToken } from '../../../core/access-token/reference-token.ts';
import { decodeJwt } from '../../../core/jose/jwt.ts';
import type { KeySet, SigningKey } from '../../../core/jose/signing-key.ts';
import { makeAuthorization, makeResource } from '../../support/records.ts';
import { createTestIssuer, type TestIssuer } from '../../support/test-issuer.ts';

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

describe('issueAccessToken', () => {
  it('makes the RFC 9068 token of an authorization: every required claim (§2.2), typ at+jwt (§2.1)', async () => {
    const {
      access_token,
      claims,
      key: signedBy,
    } = await issueAccessToken(makeAuthorization({}, {}, 'write', 'read'), keySet, issuer);
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
    const { claims } = await issueAccessToken(makeAuthorization(), keySet, issuer);
    assert.equal('scope' in claims, false);
  });

  it('gives each token an identifier of its own, of 128 random bits (RFC 7519 §4.1.7)', async () => {
    const issued = await Promise.all(
      Array.from({ length: 200 }, () => issueAccessToken(makeAuthorization(), keySet, issuer)),
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
        makeAuthorization(lifetime(client), lifetime(resource)),
        keySet,
        issuer,
      );
      assert.equal(claims.exp - claims.iat, seconds);
    });
  }

  it('is for all of several resources, and lives no longer than any of them has it (RFC 8707 §2, RFC 7519 §4.1.3)', async () => {
    const ofOne = makeAuthorization({}, { access_token_lifetime: 600 }, 'read');
    const other = makeResource('urn:other', { access_token_lifetime: 300 });
    const third = makeResource('urn:third');
    const ofThree = { ...ofOne, resources: [...ofOne.resources, other, third] } as const;
    const { access_token, claims } = await issueAccessToken(ofThree, keySet, issuer);
    assert.deepEqual(claims.aud, ['https://api.example.com', 'urn:other', 'urn:third']);
    assert.equal(claims.exp - claims.iat, 300);
    assert.deepEqual(readAccessToken(access_token, keySet, issuer), claims);
  });

  it('is bound to what its authorization says (RFC 7800 §3.1)', async () => {
    const cnf = { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' };
    const bound = { ...makeAuthorization(), confirmation: cnf };
    const { access_token, claims } = await issueAccessToken(bound, keySet, issuer);
    assert.deepEqual(claims.cnf, cnf);
    assert.deepEqual(readAccessToken(access_token, keySet, issuer), claims);
  });

  it('is signed with the algorithm of the resource before that of the issuer', async () => {
    const ofResource = makeAuthorization({}, { access_token_signing_alg: 'ES384' });
    assert.equal((await issueAccessToken(ofResource, keySet, issuer)).key?.alg, 'ES384');
    const byDefault = await issueAccessToken(makeAuthorization(), keySet, { ...issuer, defaultAlg: 'ES384' });
    assert.equal(byDefault.key?.alg, 'ES384');
  });

  it('is a reference token where the resource wants one: the same claims, kept under its hash, and nothing signed', async () => {
    const sign = mock.method(issuer.signer, 'sign');
    const add = mock.method(issuer.tokens, 'add');
    const forReferences = makeAuthorization({}, { access_token_format: 'reference' }, 'read');
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
    const forReferences = makeAuthorization({}, { access_token_format: 'reference' });
    await assert.rejects(issueAccessToken(forReferences, keySet, issuer), full);
  });

  it('is a JWT where the resource says so, as where it says nothing', async () => {
    const forJwts = makeAuthorization({}, { access_token_format: 'at+jwt' });
    const { access_token } = await issueAccessToken(forJwts, keySet, issuer);
    assert.equal(decodeJwt(access_token)?.header['typ'], 'at+jwt');
  });

  it('fails when no key signs with the algorithm', async () => {
    const ofResource = makeAuthorization({}, { access_token_signing_alg: 'RS256' });
    await assert.rejects(issueAccessToken(ofResource, keySet, issuer), {
      code: 'server_error',
      description: 'the issuer has no key that signs with RS256',
      reason: 'no_signing_key',
    });
  });
});
