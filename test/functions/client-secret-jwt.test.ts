import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { deriveClientSecret, hashClientSecret } from '../../core/client-secret.ts';
import type { Handler } from '../../http/endpoint.ts';
import { httpApiEvent } from '../support/api-gateway-events.ts';
import { functionEnvironment, TABLES } from '../support/aws-issuer.ts';
import { type AwsStub, answerJson, MAC_KEY, startAwsStub } from '../support/aws-stub.ts';
import { presenting } from '../support/client-assertion.ts';
import { post } from '../support/in-memory-endpoints.ts';
import { macAssertion } from '../support/mac-assertion.ts';
import { makeClient } from '../support/records.ts';

const FORMS = {
  token: { grant_type: 'client_credentials' },
  introspection: { token: 'a-token-that-nobody-issued' },
  revocation: { token: 'a-token-that-nobody-issued' },
};

describe('the functions, of a client with client_secret_jwt', () => {
  let stub: AwsStub;
  let secret: string;
  let starts = 0;

  before(async () => {
    const derive = async (name: string) => createHmac('sha512', MAC_KEY).update(name).digest();
    secret = await deriveClientSecret('till', 's', { derive });
    const till = makeClient('till', {
      token_endpoint_auth_method: 'client_secret_jwt',
      client_secrets: [{ secret_id: 's', sha256: hashClientSecret(secret), created_at: 1 }],
    });
    const clients = [...(TABLES['Clients'] ?? []), { record: 'client#till', document: till }];
    stub = await startAwsStub({ ...TABLES, Clients: clients, Tokens: [] });
    Object.assign(process.env, functionEnvironment(stub.endpoint));
  });
  afterEach(() => {
    stub.calls.length = 0;
    stub.mend();
    delete process.env['SIGNET_CLIENT_SECRET_KEY'];
  });
  after(() => stub.stop());

  const coldStart = async (name: keyof typeof FORMS, key?: string) => {
    starts += 1;
    if (key !== undefined) process.env['SIGNET_CLIENT_SECRET_KEY'] = key;
    const { handler } = await import(`../../functions/${name}.ts?mac=${starts}`);
    return (sub = 'till') => ask(handler, name, sub);
  };
  const ask = async (handler: Handler, name: keyof typeof FORMS, sub: string) => {
    const times = { exp: Math.floor(Date.now() / 1000) + 60, jti: randomUUID() };
    const claims = { iss: sub, sub, aud: 'https://auth.example.com', ...times };
    const assertion = await macAssertion(secret, 'HS256', { claims });
    return handler(httpApiEvent(post('/', { ...FORMS[name], ...presenting(assertion) })));
  };
  const KEY_ARN = 'arn:aws:kms:us-east-1:000000000000:key/mac';

  for (const [name, status] of [
    // The client may have no tokens: it was authenticated all the same.
    ['token', 400],
    ['introspection', 200],
    ['revocation', 200],
  ] as const) {
    it(`have its secret derived by KMS once: ${name}`, async () => {
      const request = await coldStart(name, KEY_ARN);
      for (let n = 0; n < 2; n += 1) assert.equal((await request()).statusCode, status);
      assert.equal(stub.calls.filter((call) => call === 'GenerateMac').length, 1);
    });

    it(`refuse it where there is no key, and ask KMS for nothing: ${name}`, async () => {
      const request = await coldStart(name, 'none');
      assert.equal((await request()).statusCode, 401);
      assert.deepEqual(stub.calls, ['BatchGetItem']);
    });
  }

  it('ask KMS for nothing where the client does not exist, or has another method', async () => {
    const request = await coldStart('token', KEY_ARN);
    for (const sub of ['nobody', 'reporter']) assert.equal((await request(sub)).statusCode, 401);
    assert.deepEqual(stub.calls, ['BatchGetItem', 'BatchGetItem']);
  });

  it('answer 503 when KMS throttles, and the next request works', async () => {
    const request = await coldStart('introspection', KEY_ARN);
    stub.fail('GenerateMac', (response) => answerJson(response, 400, { __type: 'ThrottlingException' }));
    assert.equal((await request()).statusCode, 503);
    stub.mend();
    assert.equal((await request()).statusCode, 200);
  });

  it('answer 500 when KMS gives no MAC', async () => {
    const request = await coldStart('introspection', KEY_ARN);
    stub.fail('GenerateMac', (response) => answerJson(response, 200, {}));
    assert.equal((await request()).statusCode, 500);
  });
});
