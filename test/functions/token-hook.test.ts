import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { decodeJwt } from '../../core/jose/jwt.ts';
import type { TokenDecision } from '../../core/ports/token-hook.ts';
import { CLIENT_ID, functionEnvironment, TABLES, tokenEvent } from '../support/aws-issuer.ts';
import { type AwsStub, startAwsStub } from '../support/aws-stub.ts';
import { type LambdaStub, startLambdaStub } from '../support/lambda-stub.ts';

describe('the token function, with a hook', () => {
  let aws: AwsStub;
  let lambda: LambdaStub;
  let decisions: TokenDecision[];
  let isDown = false;
  let starts = 0;

  before(async () => {
    aws = await startAwsStub({ ...TABLES, Tokens: [] });
    const decide = (decision: TokenDecision) => {
      decisions.push(decision);
      return { claims: { tenant: 'acme' } };
    };
    lambda = await startLambdaStub(decide, (response, payload) =>
      isDown ? response.destroy() : response.end(payload),
    );
    Object.assign(process.env, functionEnvironment(aws.endpoint), {
      AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
    });
  });
  afterEach(() => {
    aws.calls.length = 0;
    lambda.requests.length = 0;
    isDown = false;
    delete process.env['SIGNET_TOKEN_HOOK'];
  });
  after(() => Promise.all([aws?.stop(), lambda?.stop()]));

  const coldStart = async (hook: string) => {
    starts += 1;
    decisions = [];
    process.env['SIGNET_TOKEN_HOOK'] = hook;
    const { handler } = await import(`../../functions/token.ts?hook=${starts}`);
    return async (client_id = CLIENT_ID) => {
      const { statusCode, body } = await handler(tokenEvent(client_id));
      return { statusCode, body: JSON.parse(body) };
    };
  };
  const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:hook';

  it('asks it once for each token, and has its claims in it', async () => {
    const request = await coldStart(ARN);
    for (let n = 0; n < 2; n += 1) {
      const { statusCode, body } = await request();
      assert.equal(statusCode, 200);
      assert.equal(decodeJwt(body.access_token)?.claims['tenant'], 'acme');
    }
    assert.equal(lambda.requests.length, 2);
    assert.deepEqual(
      decisions.map(({ client }) => client.client_id),
      [CLIENT_ID, CLIENT_ID],
    );
    assert.equal(JSON.stringify(decisions).includes('sha256'), false);
  });

  it('asks it for nothing where the client is not known', async () => {
    const request = await coldStart(ARN);
    assert.equal((await request('nobody')).statusCode, 401);
    assert.deepEqual(decisions, []);
  });

  it('asks nobody where there is none', async () => {
    const request = await coldStart('none');
    const { statusCode, body } = await request();
    assert.equal(statusCode, 200);
    assert.equal(decodeJwt(body.access_token)?.claims['tenant'], undefined);
    assert.deepEqual(lambda.requests, []);
  });

  it('answers 503 and signs nothing when it cannot be called', async () => {
    const request = await coldStart(ARN);
    isDown = true;
    const { statusCode, body } = await request();
    assert.deepEqual([statusCode, body.error], [503, 'temporarily_unavailable']);
    assert.equal(aws.calls.includes('Sign'), false);
  });
});
