import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { createReferenceToken, referenceTokenJti } from '../../../core/access-token/reference-token.ts';
import { introspect } from '../../../core/introspection-endpoint.ts';
import { deleteClient, revokeClientTokens, setClientEnabled } from '../../../core/management/clients.ts';
import { deleteResource, setResourceEnabled, updateResource } from '../../../core/management/resources.ts';
import type { RequestRecord } from '../../../core/request-record.ts';
import { revoke } from '../../../core/revocation-endpoint.ts';
import { requestToken } from '../../../core/token-endpoint.ts';
import { basic, oauthRequest } from '../../support/oauth-request.ts';
import { clientId, resourceIdentifier } from '../../support/records.ts';
import { addClient, createTestIssuer, RESOURCE, type TestIssuer } from '../../support/test-issuer.ts';

const API = resourceIdentifier(RESOURCE);

let issuer: TestIssuer;
let record: RequestRecord;
let frontend: string;
let token: string;
/** The caller of introspection is `backend`, which the resource names; the token is one of `frontend`. */
beforeEach(async () => {
  issuer = await createTestIssuer();
  record = {};
  await updateResource(API, { access_token_format: 'reference' }, issuer);
  const { client_secret } = await addClient('frontend', issuer);
  frontend = basic('frontend', client_secret);
  token = await newToken();
});

async function newToken(): Promise<string> {
  const request = oauthRequest(frontend, { grant_type: 'client_credentials' });
  return (await requestToken(request, issuer, {})).access_token;
}

const ask = () => introspect(oauthRequest(basic('backend', issuer.client_secret), { token }), issuer, record);
const end = (authorization = frontend, form = {}) =>
  revoke(oauthRequest(authorization, { token, ...form }), issuer, record);

function passTime(seconds: number): void {
  issuer.time.now += seconds;
}

describe('introspect of a reference token', () => {
  it('answers with its claims (RFC 7662 §2.2), and tells the log which token it was', async () => {
    const jti = referenceTokenJti(token);
    assert.deepEqual(await ask(), {
      active: true,
      token_type: 'Bearer',
      iss: 'https://auth.example.com',
      exp: 1_800_003_600,
      aud: RESOURCE,
      sub: 'frontend',
      client_id: 'frontend',
      iat: 1_800_000_000,
      jti,
      scope: 'read write',
    });
    assert.deepEqual(record, {
      auth_method: 'client_secret_basic',
      client_id: 'backend',
      active: true,
      jti,
      resource: RESOURCE,
    });
  });

  it('asks the store for its claims and its revocation once, together, and for no key', async () => {
    const load = mock.method(issuer.signingKeys, 'load');
    const asked: string[] = [];
    const { find, isRevoked } = issuer.tokens;
    mock.method(issuer.tokens, 'find', (jti: string) => {
      asked.push('find');
      return find(jti);
    });
    mock.method(issuer.tokens, 'isRevoked', (jti: string) => {
      asked.push('isRevoked');
      return isRevoked(jti);
    });
    await ask();
    assert.deepEqual(asked, ['find', 'isRevoked']);
    assert.equal(load.mock.callCount(), 0);
  });

  it('goes on when its resource has JWTs by now', async () => {
    await updateResource(API, { access_token_format: 'at+jwt' }, issuer);
    assert.equal((await ask()).active, true);
  });

  it('is active until the second in which it expires, though the store still has it', async () => {
    passTime(3_599);
    assert.equal((await ask()).active, true);
    passTime(1);
    assert.deepEqual(await ask(), { active: false });
    assert.ok(await issuer.tokens.find(referenceTokenJti(token)));
  });

  for (const [reason, spoil] of [
    ['unknown_token', () => useToken(createReferenceToken())],
    ['malformed', () => useToken(`${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`)],
    ['malformed', () => useToken(referenceTokenJti(token))],
    ['expired', () => passTime(3_600)],
    ['revoked', () => issuer.tokens.revoke(referenceTokenJti(token), issuer.time.now + 3_600)],
    ['wrong_issuer', () => renameIssuer()],
    ['caller_may_not_introspect', () => updateResource(API, { introspection_client_ids: ['other'] }, issuer)],
    ['caller_may_not_introspect', () => deleteResource(API, issuer)],
    ['resource_disabled', () => setResourceEnabled(API, false, issuer)],
    ['client_disabled', () => setClientEnabled(clientId('frontend'), false, issuer)],
    ['client_disabled', () => deleteClient(clientId('frontend'), issuer)],
    ['client_tokens_revoked', () => revokeClientTokens(clientId('frontend'), issuer)],
  ] as const) {
    it(`says of one that is ${reason} only that it is not active (RFC 7662 §2.2), and why to the log`, async () => {
      await spoil();
      assert.deepEqual(await ask(), { active: false });
      const caller = { auth_method: 'client_secret_basic', client_id: 'backend' };
      assert.deepEqual(record, { ...caller, active: false, reason });
    });
  }
});

describe('revoke of a reference token', () => {
  for (const token_type_hint of ['access_token', 'refresh_token', 'unknown']) {
    it(`ends it, and no other, whatever the hint: ${token_type_hint} (RFC 7009 §2.1)`, async () => {
      const other = await newToken();
      assert.equal(await end(frontend, { token_type_hint }), undefined);
      const caller = { auth_method: 'client_secret_basic', client_id: 'frontend' };
      assert.deepEqual(record, { ...caller, jti: referenceTokenJti(token) });
      assert.deepEqual(await ask(), { active: false });
      useToken(other);
      assert.equal((await ask()).active, true);
    });
  }

  it('is done when it is done twice (RFC 7009 §2.2)', async () => {
    await end();
    record = {};
    assert.equal(await end(), undefined);
    assert.equal(record.reason, 'revoked');
  });

  it('is for its client alone (RFC 7009 §2.1)', async () => {
    await assert.rejects(end(basic('backend', issuer.client_secret)), {
      code: 'unauthorized_client',
      description: 'the token was issued to another client (RFC 7009 section 2.1)',
    });
    assert.equal((await ask()).active, true);
  });

  it('takes one that nobody issued, or that has expired, for one that is revoked already (RFC 7009 §2.2)', async () => {
    passTime(3_600);
    assert.equal(await end(), undefined);
    assert.equal(record.reason, 'expired');
    useToken(createReferenceToken());
    assert.equal(await end(), undefined);
    assert.equal(record.reason, 'unknown_token');
  });
});

function useToken(other: string): void {
  token = other;
}

function renameIssuer(): void {
  issuer = { ...issuer, identifier: 'https://new.example.com' };
}
