import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { SigningKey } from '../../core/jose/signing-key.ts';
import { functionEnvironment } from '../support/aws-issuer.ts';
import { type AwsStub, answerJson, startAwsStub } from '../support/aws-stub.ts';
import { loggedLines } from '../support/logged-lines.ts';
import { makeSigningKey } from '../support/records.ts';

const WRAPPING_KEY = 'arn:aws:kms:us-east-1:000000000000:key/wrapping';
const EC = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } as const;

/** Keys that have signed since the epoch: one in memory, one in KMS. */
const PAIR = makeSigningKey({ alg: 'ES256', public_jwk: EC, private_key_reference: 'envelope:AA' });
const IN_KMS = makeSigningKey({
  alg: 'RS256',
  public_jwk: { kty: 'RSA', n: 'n', e: 'AQAB' },
  private_key_reference: 'arn:aws:kms:us-east-1:000000000000:key/1',
});

const tables = { Keys: [] as Readonly<Record<string, unknown>>[] };
let stub: AwsStub;

before(async () => {
  stub = await startAwsStub(tables);
  Object.assign(process.env, functionEnvironment(stub.endpoint), {
    SIGNET_KEY_ROTATION_SECONDS: '172800',
    SIGNET_WRAPPING_KEY: WRAPPING_KEY,
  });
});
beforeEach(() => stub.mend());
after(() => stub.stop());

const putKeys = (...keys: readonly SigningKey[]) => {
  tables.Keys.splice(0, 1, { record: 'key-set', version: 1, keys, write_id: 'w' });
};
const keys = () => (tables.Keys[0]?.['keys'] ?? []) as readonly SigningKey[];

describe('the key rotation function', () => {
  /** Runs it, and tells what it wrote to its log. */
  const rotate = async (): Promise<readonly unknown[]> => {
    const { handler } = await import('../../functions/key-rotation.ts');
    return loggedLines(handler);
  };

  it('has a key pair follow one that is old enough, once, and leaves keys alone that sign in KMS', async () => {
    putKeys(PAIR, IN_KMS);
    const [line, ...others] = await rotate();
    const [before, inKms, made] = keys();
    assert.ok(made);
    const { kid, alg, signs_from } = made;
    const { time, ...logged } = line as { time: string };
    assert.deepEqual([logged, others], [{ event: 'key-rotation', alg, kid, signs_from }, []]);
    assert.match(time, /^\d{4}-\d\d-\d\dT/);
    assert.equal(alg, 'ES256');
    assert.match(made.private_key_reference, /^envelope:/);
    assert.deepEqual([before?.retired_at, inKms], [signs_from, IN_KMS]);

    assert.deepEqual(await rotate(), []);
    assert.equal(keys().length, 3);
  });

  it('fails when AWS does, for Lambda to try again, and is then done', async () => {
    putKeys(PAIR);
    for (const operation of ['GenerateDataKeyPairWithoutPlaintext', 'PutItem', 'BatchGetItem']) {
      stub.fail(operation, (response) => answerJson(response, 400, { __type: 'AccessDeniedException' }));
      await assert.rejects(rotate(), { name: 'AccessDeniedException' });
      assert.deepEqual(keys(), [PAIR]);
      stub.mend();
    }
    assert.equal((await rotate()).length, 1);
  });
});

describe('the key publication function', () => {
  const answers: { readonly Status: string; readonly PhysicalResourceId: string }[] = [];
  const cloudFormation = createServer(async (request, response) => {
    answers.push((await json(request)) as (typeof answers)[number]);
    response.end();
  });
  before(() => new Promise<void>((resolve) => cloudFormation.listen(0, '127.0.0.1', resolve)));
  after(() => cloudFormation.close());

  const send = async (RequestType: 'Create' | 'Delete', PhysicalResourceId?: string) => {
    const { handler } = await import('../../functions/key-publication.ts');
    await handler({
      RequestType,
      ResponseURL: `http://127.0.0.1:${(cloudFormation.address() as AddressInfo).port}/`,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'logical',
      ServiceToken: 'arn',
      ResourceType: 'Custom::EnvelopeKey',
      ResourceProperties: { ServiceToken: 'arn', Alg: 'ES256', WrappingKeyArn: WRAPPING_KEY },
      ...(PhysicalResourceId === undefined ? {} : { PhysicalResourceId }),
    } as CloudFormationCustomResourceEvent);
    const { Status, PhysicalResourceId: answered } = answers.at(-1) ?? assert.fail();
    return [Status, answered];
  };

  it('makes a key pair for an algorithm that has none, and no second one when it is asked again', async () => {
    putKeys(IN_KMS);
    for (const _ of [1, 2]) assert.deepEqual(await send('Create'), ['SUCCESS', 'ES256']);
    assert.deepEqual(
      keys().map(({ alg }) => alg),
      ['RS256', 'ES256'],
    );
  });

  it('retires whichever pair the algorithm has by then when it leaves the stack, and nothing for what was never made', async () => {
    const inKms = { ...PAIR, kid: IN_KMS.kid, private_key_reference: IN_KMS.private_key_reference };
    putKeys({ ...PAIR, retired_at: 1, published_until: 2 }, inKms, PAIR);
    assert.deepEqual(await send('Delete', 'not-made'), ['SUCCESS', 'not-made']);
    assert.equal(keys()[2]?.retired_at, undefined);
    assert.deepEqual(await send('Delete', 'ES256'), ['SUCCESS', 'ES256']);
    assert.deepEqual(
      keys().map(({ retired_at = 0 }) => retired_at > 1),
      [false, false, true],
    );
  });
});
