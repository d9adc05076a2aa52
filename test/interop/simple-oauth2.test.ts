import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeJwt } from 'jose';
import { ClientCredentials } from 'simple-oauth2';
import { connectIssuer } from '../support/connect-issuer.ts';

const AUTHENTICATIONS = [
  ['client_secret_basic, percent-encoded (RFC 6749 §2.3.1)', { credentialsEncodingMode: 'strict' }],
  ['client_secret_basic, as it stands (RFC 7617 §2)', { credentialsEncodingMode: 'loose' }],
  ['client_secret_post (RFC 6749 §2.3.1)', { authorizationMethod: 'body' }],
] as const;

test('simple-oauth2', async (t) => {
  const { issuer, client_id, client_secret, otherResource } = await connectIssuer(t);
  const auth = { tokenHost: issuer, tokenPath: '/token', revokePath: '/revoke' };

  for (const [method, options] of AUTHENTICATIONS) {
    await t.test(`gets a token by ${method} and revokes it`, async () => {
      const client = new ClientCredentials({
        client: { id: client_id, secret: client_secret },
        auth,
        options,
      });
      const accessToken = await client.getToken({ scope: ['read'], resource: otherResource });
      const { access_token, expires_at, ...rest } = accessToken.token;
      assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 3600, scope: 'read' });
      assert.equal(accessToken.expired(), false);
      const { aud, scope } = decodeJwt(String(access_token));
      assert.deepEqual({ aud, scope }, { aud: otherResource, scope: 'read' });
      await accessToken.revoke('access_token');
    });

    await t.test(`reports the refusal of a wrong secret by ${method}`, async () => {
      const client = new ClientCredentials({ client: { id: client_id, secret: 'wrong' }, auth, options });
      await assert.rejects(client.getToken({}), { message: 'Response Error: 401 Unauthorized' });
    });
  }
});
