import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import * as v from 'valibot';
import type { Handler } from '../../http/endpoint.ts';
import { functionEnvironment, TABLES, tokenEvent } from '../support/aws-issuer.ts';
import { type AwsStub, answerJson, type Fault, startAwsStub } from '../support/aws-stub.ts';
import { loggedLines } from '../support/logged-lines.ts';

const calls = v.optional(v.array(v.number()), []);
const total = v.optional(v.number(), 0);

/** What a line says of the calls of AWS, and what came of the request. */
const LineSchema = v.object({
  status: v.number(),
  tokens: total,
  faults: total,
  dynamodb_ms: calls,
  dynamodb_errors: total,
  kms_ms: calls,
  kms_errors: total,
  aws_throttles: total,
  _aws: v.object({ CloudWatchMetrics: v.array(v.object({ Namespace: v.literal('Signet/Test') })) }),
});

const error =
  (status: number, name: string): Fault =>
  (response) =>
    answerJson(response, status, { __type: name, message: 'made up' });

describe('the request log of a deployed function', () => {
  let stub: AwsStub;
  let handler: Handler;

  before(async () => {
    stub = await startAwsStub(TABLES);
    Object.assign(process.env, functionEnvironment(stub.endpoint), { SIGNET_METRICS: 'Signet/Test' });
    ({ handler } = await import('../../functions/token.ts'));
  });
  beforeEach(() => stub.mend());
  after(() => stub.stop());

  /** Asks for a token, and reads the one line that it wrote. */
  const line = async () => {
    const [written, ...others] = await loggedLines(() => handler(tokenEvent()));
    assert.deepEqual(others, []);
    const { dynamodb_ms, kms_ms, _aws, ...counts } = v.parse(LineSchema, written);
    for (const milliseconds of [...dynamodb_ms, ...kms_ms]) assert.ok(milliseconds > 0);
    return { ...counts, dynamodb: dynamodb_ms.length, kms: kms_ms.length };
  };
  const none = { tokens: 0, faults: 0, dynamodb_errors: 0, kms_errors: 0, aws_throttles: 0 };

  it('has how long each call of AWS took that the request made, and none of another', async () => {
    assert.deepEqual(await line(), { ...none, status: 200, tokens: 1, dynamodb: 2, kms: 1 });
    assert.deepEqual(await line(), { ...none, status: 200, tokens: 1, dynamodb: 0, kms: 1 });
  });

  for (const [what, fault, counts] of [
    [
      'throttles',
      error(400, 'ThrottlingException'),
      { status: 503, kms: 3, kms_errors: 3, aws_throttles: 3 },
    ],
    ['breaks', error(500, 'KMSInternalException'), { status: 503, kms: 3, kms_errors: 3 }],
    ['refuses', error(400, 'AccessDeniedException'), { status: 500, kms: 1, kms_errors: 1 }],
    ['hangs up', (response) => response.destroy(), { status: 503, kms: 3, kms_errors: 3 }],
  ] as const satisfies readonly (readonly [string, Fault, object])[]) {
    it(`counts each try that failed when KMS ${what}`, async () => {
      stub.fail('Sign', fault);
      assert.deepEqual(await line(), { ...none, faults: 1, dynamodb: 0, ...counts });
    });
  }
});
