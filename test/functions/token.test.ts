import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, afterEach, before, describe, it } from 'node:test';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { HttpApiEvent } from '../../http/api-gateway.ts';
import type { Handler } from '../../http/endpoint.ts';
import {
  CLIENT_ID,
  functionEnvironment,
  RESOURCES,
  TABLES,
  tablesWithKeyInMemory,
  tokenEvent,
} from '../support/aws-issuer.ts';
import { type AwsStub, answerJson, answerNoHttp, answerNoJson, startAwsStub } from '../support/aws-stub.ts';
import { makeClientKey } from '../support/client-assertion.ts';
import { dpopProof } from '../support/dpop-proof.ts';

const KEY = makeClientKey('P-256');

/** A request for a token with a new proof, and a nonce in it when there is one. */
async function boundTokenEvent(nonce?: string): Promise<HttpApiEvent> {
  const now = Math.floor(Date.now() / 1000);
  const htu = 'https://auth.example.com/token';
  const event = tokenEvent();
  const dpop = await dpopProof(KEY, 'ES256', htu, now, { claims: { nonce } });
  return { ...event, headers: { ...event.headers, dpop } };
}

describe('the token function', () => {
  let stub: AwsStub;

  before(async () => {
    stub = await startAwsStub(TABLES);
    Object.assign(process.env, functionEnvironment(stub.endpoint));
  });
  afterEach(() => {
    stub.calls.length = 0;
    stub.mend();
    delete process.env['SIGNET_CACHE_SECONDS'];
    delete process.env['SIGNET_DPOP_NONCES'];
  });
  after(() => stub.stop());

  /** Answers with an error of AWS. */
  const aws = (status: number, type: string) => (response: ServerResponse) =>
    answerJson(response, status, { __type: type, message: `no: ${type}` });

  let starts = 0;
  /** The handler of a new Lambda environment: the module's own state is new, as after a cold start. */
  const coldStart = async (): Promise<Handler> => {
    starts += 1;
    return (await import(`../../functions/token.ts?start=${starts}`)).handler;
  };

  it('calls AWS three times for the first token: the client, the resource with the key set, the signature', async () => {
    const handler = await coldStart();
    assert.equal((await handler(tokenEvent())).statusCode, 200);
    assert.deepEqual(stub.calls, ['BatchGetItem', 'BatchGetItem', 'Sign']);
  });

  it('calls AWS no more often for a token for several resources: they come with the key set', async () => {
    const handler = await coldStart();
    const [resource, audience] = RESOURCES;
    assert.equal((await handler(tokenEvent(CLIENT_ID, { resource, audience }))).statusCode, 200);
    assert.deepEqual(stub.calls, ['BatchGetItem', 'BatchGetItem', 'Sign']);
  });

  it('calls AWS once for each token after it: the signature', async () => {
    const handler = await coldStart();
    await handler(tokenEvent());
    stub.calls.length = 0;
    assert.equal((await handler(tokenEvent())).statusCode, 200);
    assert.deepEqual(stub.calls, ['Sign']);
  });

  it('calls AWS for no token but the first where keys sign in memory', async () => {
    const envelope = await startAwsStub(await tablesWithKeyInMemory('RS256'));
    try {
      process.env['AWS_ENDPOINT_URL'] = envelope.endpoint;
      const handler = await coldStart();
      for (const calls of [['BatchGetItem', 'BatchGetItem', 'Decrypt'], [], []]) {
        envelope.calls.length = 0;
        assert.equal((await handler(tokenEvent())).statusCode, 200);
        assert.deepEqual(envelope.calls, calls);
      }
    } finally {
      process.env['AWS_ENDPOINT_URL'] = stub.endpoint;
      await envelope.stop();
    }
  });

  it('reads client and resource for each token when SIGNET_CACHE_SECONDS is 0', async () => {
    process.env['SIGNET_CACHE_SECONDS'] = '0';
    const handler = await coldStart();
    await handler(tokenEvent());
    stub.calls.length = 0;
    assert.equal((await handler(tokenEvent())).statusCode, 200);
    assert.deepEqual(stub.calls, ['BatchGetItem', 'BatchGetItem', 'Sign']);
  });

  it('calls AWS once for a client that does not exist, in whichever reading of its credentials', async () => {
    const handler = await coldStart();
    assert.equal((await handler(tokenEvent('no+body'))).statusCode, 401);
    assert.deepEqual(stub.calls, ['BatchGetItem']);
  });

  it('remembers a DPoP proof before it signs the token', async () => {
    const handler = await coldStart();
    const { statusCode, headers, body } = await handler(await boundTokenEvent());
    assert.equal(statusCode, 200);
    assert.equal(JSON.parse(body).token_type, 'DPoP');
    assert.equal(headers['DPoP-Nonce'], undefined);
    assert.deepEqual(stub.calls, ['BatchGetItem', 'BatchGetItem', 'PutItem', 'Sign']);
  });

  it('signs one DPoP nonce for all, with SIGNET_DPOP_NONCES (RFC 9449 §8)', async () => {
    process.env['SIGNET_DPOP_NONCES'] = 'true';
    const handler = await coldStart();
    const refusals = [await handler(await boundTokenEvent()), await handler(await boundTokenEvent('1.AAAA'))];
    for (const { statusCode, body } of refusals) {
      assert.deepEqual([statusCode, JSON.parse(body).error], [400, 'use_dpop_nonce']);
    }
    assert.deepEqual(stub.calls, ['BatchGetItem', 'BatchGetItem', 'Sign']);
    const nonce = refusals[0]?.headers['DPoP-Nonce'];
    assert.equal((await handler(await boundTokenEvent(nonce))).statusCode, 200);
    assert.deepEqual(stub.calls.slice(3), ['PutItem', 'Sign']);
  });

  it('issues JWTs for 15 minutes while DynamoDB is down, to a client that it knows (RFC 5861 §4)', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const handler = await coldStart();
    await handler(tokenEvent());
    stub.fail('BatchGetItem', aws(500, 'InternalServerError'));
    t.mock.timers.tick(61_000);
    assert.equal((await handler(tokenEvent())).statusCode, 200);
    stub.calls.length = 0;
    assert.equal((await handler(tokenEvent())).statusCode, 200);
    assert.deepEqual(stub.calls, ['Sign']);
    t.mock.timers.tick(839_000);
    assert.equal((await handler(tokenEvent())).statusCode, 503);
  });

  const unavailable = {
    error: 'temporarily_unavailable',
    error_description: 'the issuer cannot answer just now: try again',
  };
  const broken = {
    error: 'server_error',
    error_description: 'something broke in the issuer: its log has the request id',
  };
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
    { name: 'DynamoDB answers no HTTP', operation: 'BatchGetItem', fault: answerNoHttp, temporary: true },
    { name: 'DynamoDB answers no JSON', operation: 'BatchGetItem', fault: answerNoJson, temporary: true },
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
    {
      name: 'the table has a client that is none of ours',
      operation: 'BatchGetItem',
      fault: noClient,
      temporary: false,
    },
    { name: 'KMS throttles', operation: 'Sign', fault: aws(400, 'ThrottlingException'), temporary: true },
    { name: 'KMS breaks', operation: 'Sign', fault: aws(500, 'KMSInternalException'), temporary: true },
    { name: 'KMS hangs', operation: 'Sign', fault: () => undefined, temporary: true },
    { name: 'KMS hangs up', operation: 'Sign', fault: hangUp, temporary: true },
    { name: 'KMS answers no HTTP', operation: 'Sign', fault: answerNoHttp, temporary: true },
    { name: 'KMS answers no JSON', operation: 'Sign', fault: answerNoJson, temporary: true },
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
      const { statusCode, headers, body } = await handler(tokenEvent());
      assert.equal(statusCode, temporary ? 503 : 500);
      assert.deepEqual(JSON.parse(body), temporary ? unavailable : broken);
      assert.equal(headers['Retry-After'], temporary ? '2' : undefined);
      assert.equal(headers['Cache-Control'], 'no-store');
      stub.mend();
      assert.equal((await handler(tokenEvent())).statusCode, 200);
    });
  }
});

function hangUp(response: ServerResponse): void {
  response.destroy();
}

function noClient(response: ServerResponse): void {
  const item = marshall({
    record: `client#${CLIENT_ID}`,
    document: { client_id: CLIENT_ID, enabled: true },
  });
  answerJson(response, 200, { Responses: { Clients: [item] }, UnprocessedKeys: {} });
}

function unprocessed(response: ServerResponse): void {
  answerJson(response, 200, {
    Responses: {},
    UnprocessedKeys: { Clients: { Keys: [{ record: { S: `client#${CLIENT_ID}` } }] } },
  });
}
