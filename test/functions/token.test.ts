import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, afterEach, before, describe, it } from 'node:test';
import { hashClientSecret } from '../../core/client-secret.ts';
import type { Handler } from '../../http/endpoint.ts';
import { httpApiEvent } from '../support/api-gateway-events.ts';
import { type AwsStub, answerJson, startAwsStub } from '../support/aws-stub.ts';
import { post } from '../support/in-memory-endpoints.ts';
import { basic } from '../support/oauth-request.ts';

const RESOURCE = 'https://api.example.com';
const SECRET = 'a secret of the tests, long enough';

const client = {
  client_id: 'reporter',
  client_id_issued_at: 1,
  grant_types: ['client_credentials'],
  resources: [{ resource: RESOURCE, scope: ['read'] }],
  client_secrets: [{ secret_id: 's', sha256: hashClientSecret(SECRET), created_at: 1 }],
  enabled: true,
  version: 1,
};
const resource = {
  resource: RESOURCE,
  scopes_supported: ['read'],
  introspection_client_ids: [],
  enabled: true,
  created_at: 1,
  version: 1,
};
const key = {
  kid: 'kid',
  alg: 'RS256',
  public_jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' },
  private_key_reference: 'arn:aws:kms:us-east-1:000000000000:key/1',
  published_at: 1,
  signs_from: 1,
};

const TABLES = {
  Clients: [
    { record: 'client#reporter', document: client },
    { record: `resource#${RESOURCE}`, document: resource },
  ],
  Keys: [{ record: 'key-set', version: 1, keys: [key], write_id: 'w' }],
};

describe('the token function', () => {
  let stub: AwsStub;

  before(async () => {
    stub = await startAwsStub(TABLES);
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: stub.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      SIGNET_ISSUER: 'https://auth.example.com',
      SIGNET_CLIENTS_TABLE: 'Clients',
      SIGNET_KEYS_TABLE: 'Keys',
    });
  });
  afterEach(() => {
    stub.calls.length = 0;
    stub.mend();
    delete process.env['SIGNET_CACHE_SECONDS'];
  });
  after(() => stub.stop());

  let starts = 0;
  /** The handler of a new Lambda environment: the module's own state is new, as after a cold start. */
  const coldStart = async (): Promise<Handler> => {
    starts += 1;
    return (await import(`../../functions/token.ts?start=${starts}`)).handler;
  };
  const event = (client_id = 'reporter') =>
    httpApiEvent(
      post('/token', { grant_type: 'client_credentials' }, { Authorization: basic(client_id, SECRET) }),
    );

  it('calls AWS three times for the first token: the client, the resource with the key set, the signature', async () => {
    const handler = await coldStart();
    assert.equal((await handler(event())).statusCode, 200);
    assert.deepEqual(stub.calls, ['BatchGetItem', 'BatchGetItem', 'Sign']);
  });

  it('calls AWS once for each token after it: the signature', async () => {
    const handler = await coldStart();
    await handler(event());
    stub.calls.length = 0;
    assert.equal((await handler(event())).statusCode, 200);
    assert.deepEqual(stub.calls, ['Sign']);
  });

  it('reads client and resource for each token when SIGNET_CACHE_SECONDS is 0', async () => {
    process.env['SIGNET_CACHE_SECONDS'] = '0';
    const handler = await coldStart();
    await handler(event());
    stub.calls.length = 0;
    assert.equal((await handler(event())).statusCode, 200);
    assert.deepEqual(stub.calls, ['BatchGetItem', 'BatchGetItem', 'Sign']);
  });

  it('calls AWS once for a client that does not exist, in whichever reading of its credentials', async () => {
    const handler = await coldStart();
    assert.equal((await handler(event('no+body'))).statusCode, 401);
    assert.deepEqual(stub.calls, ['BatchGetItem']);
  });

  const unavailable = {
    error: 'temporarily_unavailable',
    error_description: 'the issuer cannot answer just now: try again',
  };
  const broken = {
    error: 'server_error',
    error_description: 'something broke in the issuer: its log has the request id',
  };
  const aws = (status: number, type: string) => (response: ServerResponse) =>
    answerJson(response, status, { __type: type, message: `no: ${type}` });
  const FAULTS = [
    {
      name: 'DynamoDB throttles',
      operation: 'BatchGetItem',
      fault: aws(400, 'ThrottlingException'),
      temporary: true,
    },
    {
      name: 'DynamoDB breaks',
      operation: 'BatchGetItem',
      fault: aws(500, 'InternalServerError'),
      temporary: true,
    },
    { name: 'DynamoDB hangs', operation: 'BatchGetItem', fault: () => undefined, temporary: true },
    { name: 'DynamoDB hangs up', operation: 'BatchGetItem', fault: hangUp, temporary: true },
    {
      name: 'DynamoDB leaves keys unprocessed',
      operation: 'BatchGetItem',
      fault: unprocessed,
      temporary: true,
    },
    {
      name: 'DynamoDB denies access',
      operation: 'BatchGetItem',
      fault: aws(400, 'AccessDeniedException'),
      temporary: false,
    },
    { name: 'KMS throttles', operation: 'Sign', fault: aws(400, 'ThrottlingException'), temporary: true },
    { name: 'KMS breaks', operation: 'Sign', fault: aws(500, 'KMSInternalException'), temporary: true },
    { name: 'KMS hangs', operation: 'Sign', fault: () => undefined, temporary: true },
    { name: 'KMS hangs up', operation: 'Sign', fault: hangUp, temporary: true },
    {
      name: 'the key is disabled',
      operation: 'Sign',
      fault: aws(400, 'DisabledException'),
      temporary: false,
    },
  ];
  for (const { name, operation, fault, temporary } of FAULTS) {
    it(`answers ${temporary ? '503 and Retry-After in seconds' : '500'} when ${name}, and the next request works`, async () => {
      const handler = await coldStart();
      stub.fail(operation, fault);
      const { statusCode, headers, body } = await handler(event());
      assert.equal(statusCode, temporary ? 503 : 500);
      assert.deepEqual(JSON.parse(body), temporary ? unavailable : broken);
      assert.equal(headers['Retry-After'], temporary ? '2' : undefined);
      assert.equal(headers['Cache-Control'], 'no-store');
      stub.mend();
      assert.equal((await handler(event())).statusCode, 200);
    });
  }
});

function hangUp(response: ServerResponse): void {
  response.destroy();
}

function unprocessed(response: ServerResponse): void {
  answerJson(response, 200, {
    Responses: {},
    UnprocessedKeys: { Clients: { Keys: [{ record: { S: 'client#reporter' } }] } },
  });
}
