import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { httpApiEvent } from '../support/api-gateway-events.ts';
import { functionEnvironment, TABLES } from '../support/aws-issuer.ts';
import { type AwsStub, answerJson, startAwsStub } from '../support/aws-stub.ts';

let stub: AwsStub;
before(async () => {
  stub = await startAwsStub(TABLES);
  Object.assign(process.env, functionEnvironment(stub.endpoint));
});
afterEach(() => stub.mend());
after(() => stub.stop());

let starts = 0;
const ask = async (): Promise<number> => {
  starts += 1;
  const { handler } = await import(`../../functions/health.ts?health=${starts}`);
  return (await handler(httpApiEvent({ path: '/health' }))).statusCode;
};

test('a Region is well when DynamoDB has the key set and KMS signs, which is all that it is asked', async () => {
  assert.equal(await ask(), 200);
  assert.deepEqual(stub.calls, ['BatchGetItem', 'Sign']);
});

for (const operation of ['BatchGetItem', 'Sign']) {
  test(`a Region is not well when ${operation} fails`, async () => {
    stub.fail(operation, (response) => answerJson(response, 400, { __type: 'ThrottlingException' }));
    assert.equal(await ask(), 503);
  });
}
