import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { authenticateClient } from '../../../core/client-authentication/authenticate-client.ts';
import { setClientEnabled, updateClient } from '../../../core/management/clients.ts';
import type { OAuthRequest } from '../../../core/oauth-request.ts';
import type { RequestRecord } from '../../../core/request-record.ts';
import { basic, oauthRequest } from '../../support/oauth-request.ts';
import { addClient, createTestIssuer, type TestIssuer } from '../../support/test-issuer.ts';

let issuer: TestIssuer;
let record: RequestRecord;
beforeEach(async () => {
  issuer = await createTestIssuer();
  record = {};
});

const authenticate = (request: OAuthRequest) => authenticateClient(request, issuer, record);
const byBasic = (form: Readonly<Record<string, string>> = {}) =>
  oauthRequest(basic('backend', issuer.client_secret), form);
const byPost = (form: Readonly<Record<string, string>> = {}) =>
  oauthRequest(undefined, { client_id: 'backend', client_secret: issuer.client_secret, ...form });

const refusedFor = (reason: string) => ({
  code: 'invalid_client',
  description: 'client authentication failed',
  reason,
});

describe('authenticateClient', () => {
  it('takes client_secret_basic and client_secret_post alike when the client is registered for neither alone', async () => {
    assert.deepEqual(await authenticate(byBasic()), issuer.client);
    assert.deepEqual(record, { auth_method: 'client_secret_basic', client_id: 'backend' });
    assert.deepEqual(await authenticate(byPost()), issuer.client);
    assert.deepEqual(record, { auth_method: 'client_secret_post', client_id: 'backend' });
  });

  it('takes the client_id in the body beside Basic when it is the same', async () => {
    assert.deepEqual(await authenticate(byBasic({ client_id: 'backend' })), issuer.client);
    await addClient('other', issuer);
    await assert.rejects(authenticate(byBasic({ client_id: 'other' })), {
      code: 'invalid_request',
      description: 'client_id in the body is not that of the authenticated client',
    });
  });

  for (const [registered, allowed, refused] of [
    ['client_secret_basic', byBasic, byPost],
    ['client_secret_post', byPost, byBasic],
  ] as const) {
    it(`takes ${registered} alone when the client is registered for it (RFC 7591 §2)`, async () => {
      await updateClient(issuer.client.client_id, { token_endpoint_auth_method: registered }, issuer);
      assert.equal((await authenticate(allowed())).client_id, 'backend');
      await assert.rejects(authenticate(refused()), refusedFor('method_not_registered'));
    });
  }

  it('refuses a public client, also with a secret of the time before it was one', async () => {
    await updateClient(issuer.client.client_id, { token_endpoint_auth_method: 'none' }, issuer);
    for (const request of [byBasic(), byPost()]) {
      await assert.rejects(authenticate(request), refusedFor('method_not_registered'));
    }
  });

  it('refuses a disabled client until it is enabled again', async () => {
    await setClientEnabled(issuer.client.client_id, false, issuer);
    await assert.rejects(authenticate(byBasic()), refusedFor('client_disabled'));
    await setClientEnabled(issuer.client.client_id, true, issuer);
    assert.equal((await authenticate(byBasic())).client_id, 'backend');
  });

  it('refuses a request without credentials, and with a client_id alone', async () => {
    for (const form of [{}, { client_id: 'backend' }, { client_id: 'backend', client_secret: '' }]) {
      await assert.rejects(authenticate(oauthRequest(undefined, form)), refusedFor('no_credentials'));
    }
    assert.deepEqual(record, {});
  });

  it('refuses two methods at once, right or wrong (RFC 6749 §2.3)', async () => {
    for (const authorization of [basic('backend', issuer.client_secret), 'Bearer token', '']) {
      const form = { client_id: 'backend', client_secret: issuer.client_secret };
      await assert.rejects(authenticate(oauthRequest(authorization, form)), {
        code: 'invalid_request',
        description: 'the request authenticates by both client_secret_basic and client_secret_post: send one',
      });
    }
  });

  for (const name of ['client_secret', 'client_assertion']) {
    it(`refuses a ${name} in the request URI, also beside good credentials (RFC 6749 §2.3.1)`, async () => {
      const request = { ...byBasic(), queryNames: new Set(['a', name]) };
      await assert.rejects(authenticate(request), {
        code: 'invalid_request',
        description:
          'credentials stand in the request URI: send them in the body or the Authorization header',
      });
    });
  }

  it('reads over any other parameter in the request URI', async () => {
    const request = { ...byBasic(), queryNames: new Set(['client_id', 'scope', 'trace']) };
    assert.equal((await authenticate(request)).client_id, 'backend');
  });
});

describe('client_secret_post', () => {
  it('asks for the client_id beside the secret', async () => {
    await assert.rejects(authenticate(oauthRequest(undefined, { client_secret: 'secret' })), {
      code: 'invalid_request',
      description: 'client_secret stands in the body without a client_id',
    });
  });

  it('takes secrets of up to 1024 characters', async () => {
    await assert.rejects(
      authenticate(byPost({ client_secret: 's'.repeat(1_024) })),
      refusedFor('wrong_secret'),
    );
    await assert.rejects(authenticate(byPost({ client_secret: 's'.repeat(1_025) })), {
      code: 'invalid_request',
      description: 'client_secret has more than 1024 characters',
    });
  });

  it('reads id and secret as the form has them, in one reading', async () => {
    await assert.rejects(authenticate(byPost({ client_id: 'backend%20' })), refusedFor('unknown_client'));
    await assert.rejects(authenticate(byPost({ client_id: 'back%65nd' })), refusedFor('unknown_client'));
  });
});
