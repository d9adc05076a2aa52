import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Handler } from '../../http/endpoint.ts';
import { httpApiEvent } from '../support/api-gateway-events.ts';
import { functionEnvironment, TABLES, tokenEvent } from '../support/aws-issuer.ts';
import { type AwsStub, startAwsStub } from '../support/aws-stub.ts';

const REQUESTS = 20;

describe('a function that is warm', () => {
  let dynamodb: AwsStub;
  let kms: AwsStub;

  before(async () => {
    [dynamodb, kms] = await Promise.all([startAwsStub(TABLES), startAwsStub({})]);
    Object.assign(process.env, functionEnvironment(dynamodb.endpoint), {
      AWS_ENDPOINT_URL_KMS: kms.endpoint,
      SIGNET_CACHE_SECONDS: '0',
    });
  });
  after(async () => {
    delete process.env['AWS_ENDPOINT_URL_KMS'];
    delete process.env['SIGNET_CACHE_SECONDS'];
    await Promise.all([dynamodb?.stop(), kms?.stop()]);
  });

  it('issues tokens over one connection to DynamoDB and one to KMS, however many it issues', async () => {
    const { handler }: { handler: Handler } = await import('../../functions/token.ts');
    for (let request = 0; request < REQUESTS; request += 1) {
      assert.equal((await handler(tokenEvent())).statusCode, 200);
    }
    assert.deepEqual([dynamodb.calls.length, kms.calls.length], [2 * REQUESTS, REQUESTS]);
    assert.deepEqual([dynamodb.connections, kms.connections], [1, 1]);
  });

  it('answers with the JWKS from memory for a minute, and calls AWS no more', async () => {
    const { handler }: { handler: Handler } = await import('../../functions/jwks.ts');
    const request = httpApiEvent({ path: '/.well-known/jwks.json' });
    const first = await handler(request);
    assert.equal(first.statusCode, 200);
    dynamodb.calls.length = 0;
    for (let more = 1; more < REQUESTS; more += 1) assert.deepEqual(await handler(request), first);
    assert.deepEqual([...dynamodb.calls, ...kms.calls.slice(REQUESTS)], []);
  });
});
