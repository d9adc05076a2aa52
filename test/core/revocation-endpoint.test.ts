import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { decodeJwt } from '../../core/jose/jwt.ts';
import { updateClient } from '../../core/management/clients.ts';
import type { RequestRecord } from '../../core/request-record.ts';
import { revoke } from '../../core/revocation-endpoint.ts';
import { requestToken } from '../../core/token-endpoint.ts';
import { basic, oauthRequest } from '../support/oauth-request.ts';
import { addClient, createTestIssuer, type TestIssuer } from '../support/test-issuer.ts';

let issuer: TestIssuer;
let record: RequestRecord;
let token: string;
let jti: string;
beforeEach(async () => {
  issuer = await createTestIssuer();
  record = {};
  const request = oauthRequest(basic('backend', issuer.client_secret), { grant_type: 'client_credentials' });
  ({ access_token: token } = await requestToken(request, issuer, {}));
  jti = String(decodeJwt(token)?.claims['jti']);
});

const ask = (
  form: Readonly<Record<string, string>>,
  authorization = basic('backend', issuer.client_secret),
) => revoke(oauthRequest(authorization, form), issuer, record);

describe('revoke', () => {
  it('revokes a token of the caller’s until it expires (RFC 7009 §2.1), again too, and answers nothing', async () => {
    const remember = mock.method(issuer.tokens, 'revoke');
    for (let time = 1; time <= 2; time += 1) {
      assert.equal(await ask({ token }), undefined);
      assert.deepEqual(record, { auth_method: 'client_secret_basic', client_id: 'backend', jti });
    }
    assert.equal(await issuer.tokens.isRevoked(jti), true);
    const expires = issuer.time.now + 3_600;
    assert.deepEqual(
      remember.mock.calls.map((call) => call.arguments),
      [
        [jti, expires],
        [jti, expires],
      ],
    );
  });

  for (const [reason, spoilt] of [
    ['malformed', () => 'garbage'],
    ['wrong_signature', () => `${token.slice(0, -8)}AAAAAAAA`],
  ] as const) {
    it(`takes a string that is ${reason} for a token that is revoked already (RFC 7009 §2.2)`, async () => {
      assert.equal(await ask({ token: spoilt() }), undefined);
      assert.deepEqual(record, { auth_method: 'client_secret_basic', client_id: 'backend', reason });
      assert.equal(await issuer.tokens.isRevoked(jti), false);
    });
  }

  it('takes an expired token for one that is revoked already (RFC 7009 §2.2)', async () => {
    issuer.time.now += 3_600;
    assert.equal(await ask({ token }), undefined);
    assert.equal(record.reason, 'expired');
  });

  it('revokes no token of another client (RFC 7009 §2.1)', async () => {
    const { client_secret } = await addClient('other', issuer);
    await assert.rejects(ask({ token }, basic('other', client_secret)), {
      code: 'unauthorized_client',
      description: 'the token was issued to another client (RFC 7009 section 2.1)',
    });
    assert.equal(await issuer.tokens.isRevoked(jti), false);
  });

  it('lets a client revoke its tokens that may have no new ones', async () => {
    await updateClient(issuer.client.client_id, { resources: [] }, issuer);
    await ask({ token });
    assert.equal(await issuer.tokens.isRevoked(jti), true);
  });

  it('asks for the token, and for the client (RFC 7009 §2.1)', async () => {
    await assert.rejects(ask({}), {
      code: 'invalid_request',
      description: 'token is missing from the body (RFC 7009 section 2.1)',
    });
    await assert.rejects(ask({ token }, basic('backend', 'wrong')), { code: 'invalid_client' });
    assert.equal(await issuer.tokens.isRevoked(jti), false);
  });
});
