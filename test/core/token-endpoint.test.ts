import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { isReferenceToken, referenceTokenJti } from '../../core/access-token/reference-token.ts';
import { decodeJwt } from '../../core/jose/jwt.ts';
import { updateClient } from '../../core/management/clients.ts';
import { deleteResource, setResourceEnabled, updateResource } from '../../core/management/resources.ts';
import type { RequestRecord } from '../../core/request-record.ts';
import { requestToken } from '../../core/token-endpoint.ts';
import { basic, oauthRequest } from '../support/oauth-request.ts';
import { resourceIdentifier } from '../support/records.ts';
import { createTestIssuer, RESOURCE, type TestIssuer } from '../support/test-issuer.ts';

const GRANT = { grant_type: 'client_credentials' };

let issuer: TestIssuer;
let record: RequestRecord;
beforeEach(async () => {
  issuer = await createTestIssuer();
  record = {};
});

const request = (form: Readonly<Record<string, string>> = {}, secret = issuer.client_secret) =>
  oauthRequest(basic('backend', secret), { ...GRANT, ...form });
const ask = (form?: Readonly<Record<string, string>>) => requestToken(request(form), issuer, record);

describe('requestToken', () => {
  it('answers with the token, its type, lifetime and scope (RFC 6749 §5.1), and tells the log all but the token', async () => {
    const { access_token, ...response } = await ask();
    assert.deepEqual(response, { token_type: 'Bearer', expires_in: 3_600, scope: 'read write' });
    const jwt = decodeJwt(access_token);
    assert.deepEqual(record, {
      auth_method: 'client_secret_basic',
      client_id: 'backend',
      grant_type: 'client_credentials',
      resource: RESOURCE,
      scope: 'read write',
      alg: 'ES256',
      kid: jwt?.header['kid'],
      key_age: 0,
      jti: jwt?.claims['jti'],
      expires_in: 3_600,
    });
  });

  it('tells the log for how long its key has signed: not at all, where it has to before its time', async () => {
    const { signs_from = 0 } = (await issuer.signingKeys.load()).keys[0] ?? {};
    for (const [now, age] of [
      [signs_from + 90, 90],
      [signs_from - 90, 0],
    ] as const) {
      issuer.time.now = now;
      await ask();
      assert.equal(record.key_age, age);
    }
  });

  it('answers a reference token alike, and tells the log of no key', async () => {
    await updateResource(resourceIdentifier(RESOURCE), { access_token_format: 'reference' }, issuer);
    const { access_token, ...response } = await ask();
    assert.ok(isReferenceToken(access_token));
    assert.deepEqual(response, { token_type: 'Bearer', expires_in: 3_600, scope: 'read write' });
    assert.deepEqual(record, {
      auth_method: 'client_secret_basic',
      client_id: 'backend',
      grant_type: 'client_credentials',
      resource: RESOURCE,
      scope: 'read write',
      jti: referenceTokenJti(access_token),
      expires_in: 3_600,
    });
  });

  it('says no scope where there is none, neither to the client nor to the log', async () => {
    const resources = [{ resource: RESOURCE, scope: [] }];
    await updateClient(issuer.client.client_id, { resources }, issuer);
    const { access_token, ...response } = await ask();
    assert.deepEqual(response, { token_type: 'Bearer', expires_in: 3_600 });
    assert.equal('scope' in record, false);
    assert.equal('scope' in (decodeJwt(access_token)?.claims ?? {}), false);
  });

  it('does no work for a caller that it does not know: no resource, no key, no signature', async () => {
    const find = mock.method(issuer.resources, 'find');
    const load = mock.method(issuer.signingKeys, 'load');
    const sign = mock.method(issuer.signer, 'sign');
    await assert.rejects(requestToken(request({}, 'wrong'), issuer, record), { code: 'invalid_client' });
    assert.deepEqual(
      [find, load, sign].map((call) => call.mock.callCount()),
      [0, 0, 0],
    );
    await ask();
    assert.deepEqual(
      [find, load, sign].map((call) => call.mock.callCount()),
      [1, 1, 1],
    );
  });

  it('authenticates the client before it looks at what is asked for', async () => {
    for (const form of [{ grant_type: 'password' }, { resource: 'urn:unknown' }, { scope: '"' }]) {
      await assert.rejects(requestToken(request(form, 'wrong'), issuer, record), { code: 'invalid_client' });
    }
  });

  for (const [what, change] of [
    ['disabled', () => setResourceEnabled(resourceIdentifier(RESOURCE), false, issuer)],
    ['deleted', () => deleteResource(resourceIdentifier(RESOURCE), issuer)],
  ] as const) {
    it(`refuses a resource that was ${what} as one that the client never had (RFC 8707 §2)`, async () => {
      await change();
      await assert.rejects(ask(), {
        code: 'invalid_target',
        description: 'the client may have no token for this resource',
      });
    });
  }

  it('tells the log nothing of what a refused request asked for', async () => {
    await assert.rejects(ask({ scope: 'read delete' }), { code: 'invalid_scope' });
    assert.deepEqual(record, { auth_method: 'client_secret_basic', client_id: 'backend' });
  });
});
