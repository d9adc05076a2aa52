import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { SigningKey } from '../../core/jose/signing-key.ts';
import { functionEnvironment } from '../support/aws-issuer.ts';
import { type AwsStub, answerJson, startAwsStub } from '../support/aws-stub.ts';
import { kmsKey } from '../support/kms-keys-stub.ts';
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

type Items = Readonly<Record<string, unknown>>[];
const tables = { Keys: [] as Items, KMS: [] as Items };
let stub: AwsStub;

before(async () => {
  stub = await startAwsStub(tables);
  Object.assign(process.env, functionEnvironment(stub.endpoint), {
    SIGNET_KEY_ROTATION_SECONDS: '172800',
    SIGNET_WRAPPING_KEY: WRAPPING_KEY,
    SIGNET_SIGNING_KEY_TAG: 'Keys',
  });
});
beforeEach(() => {
  stub.mend();
  tables.KMS.length = 0;
});
after(() => stub.stop());

const putKeys = (...keys: readonly SigningKey[]) => {
  tables.Keys.splice(0, 1, { record: 'key-set', version: 1, keys, write_id: 'w' });
};
const pendingDeletion = () => tables.KMS.filter((key) => 'DeletionDate' in Object(key['KeyMetadata']));
const keys = () => (tables.Keys[0]?.['keys'] ?? []) as readonly SigningKey[];

/** Runs the key rotation function. */
const run = async () => (await import('../../functions/key-rotation.ts')).handler();
/** Runs it, and tells what it wrote to its log. */
const rotate = () => loggedLines(run);
const fault = (__type: string) => (response: ServerResponse) => answerJson(response, 400, { __type });

describe('the key rotation function', () => {
  it('has a key of the same kind follow each one that is old enough, once', async () => {
    putKeys(PAIR, IN_KMS);
    const lines = await rotate();
    const [pairBefore, inKmsBefore, inKms, pair, ...others] = keys();
    assert.ok(inKms && pair);
    for (const [index, { kid, alg, signs_from }] of [inKms, pair].entries()) {
      const { time, ...logged } = lines[index] as { time: string };
      assert.deepEqual(logged, { event: 'key-rotation', alg, kid, signs_from });
      assert.match(time, /^\d{4}-\d\d-\d\dT/);
    }
    assert.deepEqual([lines.length, others], [2, []]);
    assert.match(pair.private_key_reference, /^envelope:/);
    assert.equal(inKms.private_key_reference, tables.KMS[0]?.['record']);
    assert.deepEqual([pair.alg, pairBefore?.retired_at], ['ES256', pair.signs_from]);
    assert.deepEqual([inKms.alg, inKmsBefore?.retired_at], ['RS256', inKms.signs_from]);

    assert.deepEqual(await rotate(), []);
    assert.equal(keys().length, 4);
  });

  it('makes keys in KMS that tell what they are for', async () => {
    putKeys(IN_KMS);
    await rotate();
    const [{ Description, KeyUsage, Tags } = {}] = tables.KMS;
    assert.deepEqual(
      { Description, KeyUsage, Tags },
      {
        Description: 'Signs access tokens (RS256)',
        KeyUsage: 'SIGN_VERIFY',
        Tags: [{ TagKey: 'signet:key-set', TagValue: 'Keys' }],
      },
    );
  });

  it('fails when AWS does, for Lambda to try again, and is then done', async () => {
    for (const [key, making] of [
      [PAIR, ['GenerateDataKeyPairWithoutPlaintext']],
      [IN_KMS, ['CreateKey', 'GetPublicKey', 'ListKeys']],
    ] as const) {
      for (const operation of [...making, 'PutItem', 'BatchGetItem']) {
        putKeys(key);
        stub.fail(operation, fault('AccessDeniedException'));
        await assert.rejects(rotate(), { name: 'AccessDeniedException' });
        assert.equal(keys().length, operation === 'ListKeys' ? 2 : 1);
        stub.mend();
      }
      assert.equal((await rotate()).length, 1);
    }
  });

  it('schedules the deletion of keys that were made for this key set and are not in it, a day after, though no key can be made', async () => {
    const dayAgo = Date.now() / 1000 - 86_400;
    const inUse = kmsKey('1', 1, 'signet:key-set', 'Keys');
    const left = kmsKey('left', dayAgo, 'signet:key-set', 'Keys');
    tables.KMS.push(
      inUse,
      left,
      kmsKey('new', dayAgo + 60, 'signet:key-set', 'Keys'),
      kmsKey('of-another', 1, 'signet:key-set', 'OtherKeys'),
      kmsKey('untold', 1, 'Name', 'Keys'),
    );
    putKeys(IN_KMS);
    stub.fail('CreateKey', fault('AccessDeniedException'));
    const logged = await loggedLines(() => assert.rejects(run(), { name: 'AccessDeniedException' }));
    assert.deepEqual(
      logged.map((line) => ({ ...Object(line), time: undefined })),
      [{ time: undefined, event: 'key-deletion', key: left.record }],
    );
    assert.deepEqual(pendingDeletion(), [left]);
  });
});

describe('the keys that the key rotation function deletes', () => {
  beforeEach(() => {
    putKeys(IN_KMS);
    tables.KMS.push(kmsKey('left', 1, 'signet:key-set', 'Keys'));
  });

  it('are none whose tags it may not read: their own policies keep it out', async () => {
    stub.fail('ListResourceTags', fault('AccessDeniedException'));
    stub.calls.length = 0;
    await rotate();
    assert.ok(!stub.calls.includes('ScheduleKeyDeletion'));
  });

  it('may be pending deletion by now', async () => {
    stub.fail('ScheduleKeyDeletion', fault('KMSInvalidStateException'));
    await rotate();
  });

  it('are tried again with the next run when KMS fails', async () => {
    for (const operation of ['ListResourceTags', 'DescribeKey', 'ScheduleKeyDeletion']) {
      stub.fail(operation, fault('NotFoundException'));
      await assert.rejects(rotate(), { name: 'NotFoundException' });
      stub.mend();
    }
    assert.equal((await rotate()).length, 1);
    assert.equal((await rotate()).length, 0);
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

  const PAIRS = { Alg: 'ES256', WrappingKeyArn: WRAPPING_KEY };
  const send = async (
    RequestType: 'Create' | 'Delete',
    PhysicalResourceId?: string,
    properties: object = PAIRS,
  ) => {
    const { handler } = await import('../../functions/key-publication.ts');
    await handler({
      RequestType,
      ResponseURL: `http://127.0.0.1:${(cloudFormation.address() as AddressInfo).port}/`,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'logical',
      ServiceToken: 'arn',
      ResourceType: 'Custom::EnvelopeKey',
      ResourceProperties: { ServiceToken: 'arn', ...properties },
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

  it('makes no key in KMS, and retires those that others made there, and no pair, when their algorithm leaves the stack', async () => {
    const inKms = { ...IN_KMS, alg: PAIR.alg };
    putKeys(PAIR, inKms, IN_KMS);
    const made = { Alg: PAIR.alg };
    assert.deepEqual(await send('Create', undefined, made), ['SUCCESS', 'ES256 in KMS']);
    assert.deepEqual(keys(), [PAIR, inKms, IN_KMS]);
    assert.deepEqual(await send('Delete', 'ES256 in KMS', made), ['SUCCESS', 'ES256 in KMS']);
    assert.deepEqual(
      keys().map(({ retired_at = 0 }) => retired_at > 1),
      [false, true, false],
    );
  });

  it('has all keys of its tag deleted that were made in KMS, and no other, when a throw-away stack goes', async () => {
    const [ours, ofAnother] = ['Keys', 'OtherKeys'].map((tag) => kmsKey(tag, 1, 'signet:key-set', tag));
    assert.ok(ours && ofAnother);
    tables.KMS.push(ours, ofAnother);
    const discarded = { SigningKeyTag: 'Keys' };
    assert.deepEqual(await send('Create', undefined, discarded), ['SUCCESS', 'Keys']);
    assert.deepEqual(pendingDeletion(), []);
    assert.deepEqual(await send('Delete', 'Keys', discarded), ['SUCCESS', 'Keys']);
    assert.deepEqual(pendingDeletion(), [ours]);
  });
});
