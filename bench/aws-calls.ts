import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { functionEnvironment, TABLES, tokenEvent } from '../test/support/aws-issuer.ts';
import { type AwsStub, startAwsStub } from '../test/support/aws-stub.ts';

const INVOCATIONS = join(import.meta.dirname, 'invocations.ts');

/** What the token function calls of AWS in a Lambda environment, by the operations' names. */
export interface AwsCalls {
  /** `SIGNET_CACHE_SECONDS`. */
  readonly cacheSeconds: number;
  readonly firstToken: readonly string[];
  readonly nextToken: readonly string[];
}

/** Counts what the bundle of the token function calls of a stand-in for AWS, with its cache and without. */
export async function countAwsCalls(bundle: string): Promise<readonly AwsCalls[]> {
  const stub = await startAwsStub(TABLES);
  try {
    return [await countCalls(bundle, stub, 10), await countCalls(bundle, stub, 0)];
  } finally {
    await stub.stop();
  }
}

async function countCalls(bundle: string, stub: AwsStub, cacheSeconds: number): Promise<AwsCalls> {
  const settings = { ...functionEnvironment(stub.endpoint), SIGNET_CACHE_SECONDS: String(cacheSeconds) };
  const lambda = fork(INVOCATIONS, [bundle], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const invoke = async () => {
    stub.calls.length = 0;
    lambda.send(tokenEvent());
    const [{ statusCode }] = await once(lambda, 'message');
    if (statusCode !== 200) throw new Error(`the token function answered ${statusCode}`);
    return [...stub.calls];
  };
  try {
    await once(lambda, 'message');
    return { cacheSeconds, firstToken: await invoke(), nextToken: await invoke() };
  } finally {
    lambda.disconnect();
  }
}
