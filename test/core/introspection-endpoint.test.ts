import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { parseForm } from '../../core/form.ts';
import { introspect } from '../../core/introspection-endpoint.ts';
import { decodeJwt } from '../../core/jose/jwt.ts';
import {
  deleteClient,
  revokeClientTokens,
  setClientEnabled,
  updateClient,
} from '../../core/management/clients.ts';
import {
  createResource,
  deleteResource,
  setResourceEnabled,
  updateResource,
} from '../../core/management/resources.ts';
import type { RequestRecord } from '../../core/request-record.ts';
import { requestToken } from '../../core/token-endpoint.ts';
import { basic, oauthRequest } from '../support/oauth-request.ts';
import { clientId, resourceIdentifier } from '../support/records.ts';
import { addClient, createTestIssuer, RESOURCE, type TestIssuer } from '../support/test-issuer.ts';

const API = resourceIdentifier(RESOURCE);

let issuer: TestIssuer;
let record: RequestRecord;
let token: string;
/** The caller is `backend`, which the resource names; the token is one of `frontend`. */
beforeEach(async () => {
  issuer = await createTestIssuer();
  record = {};
  const { client_secret } = await addClient('frontend', issuer);
  const request = oauthRequest(basic('frontend', client_secret), { grant_type: 'client_credentials' });
  ({ access_token: token } = await requestToken(request, issuer, {}));
});

const ask = (form: Readonly<Record<string, string>>) =>
  introspect(oauthRequest(basic('backend', issuer.client_secret), form), issuer, record);

function useToken(other: string): void {
  token = other;
}

function passTime(seconds: number): void {
  issuer.time.now += seconds;
}

describe('introspect', () => {
  it('answers with every claim of a good token (RFC 7662 §2.2), and tells the log which token it was', async () => {
    const claims = decodeJwt(token)?.claims;
    assert.deepEqual(await ask({ token }), { active: true, token_type: 'Bearer', ...claims });
    assert.deepEqual(record, {
      auth_method: 'client_secret_basic',
      client_id: 'backend',
      active: true,
      jti: claims?.['jti'],
      resource: RESOURCE,
    });
  });

  it('needs no hint, and minds none (RFC 7662 §2.1)', async () => {
    for (const token_type_hint of ['access_token', 'refresh_token', 'unknown']) {
      assert.equal((await ask({ token, token_type_hint })).active, true);
    }
  });

  it('asks for the token (RFC 7662 §2.1)', async () => {
    await assert.rejects(ask({}), {
      code: 'invalid_request',
      description: 'token is missing from the body (RFC 7662 section 2.1)',
    });
  });

  it('answers no caller that is not authenticated (RFC 7662 §2.1)', async () => {
    const request = oauthRequest(basic('backend', 'wrong'), { token });
    await assert.rejects(introspect(request, issuer, record), { code: 'invalid_client' });
  });

  describe('of a token for several resources', () => {
    const OTHER = resourceIdentifier('urn:other');
    let several: string;
    beforeEach(async () => {
      await createResource(OTHER, { introspection_client_ids: ['other'] }, issuer);
      const resources = [RESOURCE, OTHER].map((resource) => ({ resource, scope: [] }));
      await updateClient(clientId('backend'), { resources }, issuer);
      const form = [
        ['grant_type', 'client_credentials'],
        ...resources.map((at) => ['resource', at.resource]),
      ];
      const parameters = parseForm(
        form.map(([name, value = '']) => `${name}=${encodeURIComponent(value)}`).join('&'),
      );
      const request = { ...oauthRequest(basic('backend', issuer.client_secret), {}), parameters };
      ({ access_token: several } = await requestToken(request, issuer, {}));
    });

    it('answers each caller that one of them names, and names all to the log (RFC 7662 §2.2)', async () => {
      const claims = decodeJwt(several)?.claims;
      assert.deepEqual(claims?.['aud'], [RESOURCE, OTHER]);
      const { client_secret } = await addClient('other', issuer);
      const ofOther = oauthRequest(basic('other', client_secret), { token: several });
      for (const answer of [await ask({ token: several }), await introspect(ofOther, issuer, {})]) {
        assert.deepEqual(answer, { ...claims, active: true, token_type: 'Bearer' });
      }
      assert.equal(record.resource, `${RESOURCE} urn:other`);
    });

    it('minds that another of them is disabled or gone for the callers of that one alone', async () => {
      await setResourceEnabled(OTHER, false, issuer);
      assert.equal((await ask({ token: several })).active, true);
      await deleteResource(OTHER, issuer);
      assert.equal((await ask({ token: several })).active, true);
    });

    it('is inactive for the callers of one that is disabled', async () => {
      await setResourceEnabled(API, false, issuer);
      assert.deepEqual(await ask({ token: several }), { active: false });
      assert.equal(record.reason, 'resource_disabled');
    });
  });

  const refusals = [
    ['malformed', () => useToken('garbage')],
    ['wrong_signature', () => useToken(`${token.slice(0, -8)}AAAAAAAA`)],
    ['expired', () => passTime(3_600)],
    ['revoked', () => issuer.tokens.revoke(String(decodeJwt(token)?.claims['jti']), issuer.time.now + 3_600)],
    ['caller_may_not_introspect', () => updateResource(API, { introspection_client_ids: ['other'] }, issuer)],
    ['caller_may_not_introspect', () => deleteResource(API, issuer)],
    ['resource_disabled', () => setResourceEnabled(API, false, issuer)],
    ['client_disabled', () => setClientEnabled(clientId('frontend'), false, issuer)],
    ['client_tokens_revoked', () => revokeClientTokens(clientId('frontend'), issuer)],
    ['client_disabled', () => deleteClient(clientId('frontend'), issuer)],
  ] as const;
  for (const [reason, spoil] of refusals) {
    it(`says of a token that is ${reason} only that it is not active (RFC 7662 §2.2), and why to the log`, async () => {
      await spoil();
      assert.deepEqual(await ask({ token }), { active: false });
      assert.deepEqual(record, {
        auth_method: 'client_secret_basic',
        client_id: 'backend',
        active: false,
        reason,
      });
    });
  }

  it('knows a token as good that was issued a second after its client’s were revoked, and no other client’s as revoked', async () => {
    issuer.time.now -= 1;
    await revokeClientTokens(clientId('frontend'), issuer);
    issuer.time.now += 1;
    await revokeClientTokens(clientId('backend'), issuer);
    assert.equal((await ask({ token })).active, true);
  });
});
