import { after } from 'node:test';
import { embeddedTokenHook } from '../../adapters/embedded/token-hook.ts';
import { lambdaTokenHook } from '../../adapters/lambda/token-hook.ts';
import { type LambdaStub, startLambdaStub } from '../support/lambda-stub.ts';
import { tokenHookContract } from './token-hook.ts';

const stubs: LambdaStub[] = [];
after(() => Promise.all(stubs.map((stub) => stub.stop())));

tokenHookContract('a function of this process', async (decide, timeoutMilliseconds) =>
  embeddedTokenHook(decide, timeoutMilliseconds),
);
tokenHookContract('Lambda', async (decide, timeoutMilliseconds) => {
  const stub = await startLambdaStub(decide);
  stubs.push(stub);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: stub.endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  return lambdaTokenHook('arn:aws:lambda:eu-central-1:000000000000:function:hook', timeoutMilliseconds);
});
