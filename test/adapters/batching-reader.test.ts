import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { connectDynamoDB, type DynamoDB } from '../../adapters/dynamodb/client.ts';
import { type AwsStub, startAwsStub } from '../support/aws-stub.ts';

const RECORDS = Array.from({ length: 150 }, (_, n) => ({ record: `record ${n}`, n }));
const TABLES = { Clients: RECORDS, Keys: [{ record: 'key-set', version: 1 }] };

describe('reads of DynamoDB items', () => {
  let stub: AwsStub;
  let dynamodb: DynamoDB;

  before(async () => {
    stub = await startAwsStub(TABLES);
    const environment = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    Object.assign(process.env, environment, { AWS_ENDPOINT_URL: stub.endpoint });
    dynamodb = connectDynamoDB();
  });
  afterEach(() => {
    stub.calls.length = 0;
  });
  after(async () => {
    dynamodb?.close();
    await stub?.stop();
  });

  const readAll = (...reads: readonly (readonly [table: string, record: string])[]) =>
    Promise.all(reads.map(([table, record]) => dynamodb.table(table).read(record)));

  it('come by one call when they are asked for at once, from whichever tables', async () => {
    const items = await readAll(['Clients', 'record 1'], ['Keys', 'key-set'], ['Clients', 'record 2']);
    assert.deepEqual(items, [RECORDS[1], { record: 'key-set', version: 1 }, RECORDS[2]]);
    assert.deepEqual(stub.calls, ['BatchGetItem']);
  });

  it('find nothing under a key that has no item', async () => {
    const items = await readAll(['Clients', 'record 1'], ['Clients', 'nothing'], ['Keys', 'record 1']);
    assert.deepEqual(items, [RECORDS[1], undefined, undefined]);
  });

  it('ask once for an item that is read twice at once, for DynamoDB refuses a key that stands there twice', async () => {
    const items = await readAll(['Clients', 'record 1'], ['Clients', 'record 1']);
    assert.deepEqual(items, [RECORDS[1], RECORDS[1]]);
    assert.deepEqual(stub.calls, ['BatchGetItem']);
  });

  it('come by as many calls as their number takes, each of a hundred keys at most', async () => {
    const items = await readAll(...RECORDS.map(({ record }) => ['Clients', record] as const));
    assert.deepEqual(items, RECORDS);
    assert.deepEqual(stub.calls, ['BatchGetItem', 'BatchGetItem']);
  });

  it('come by calls of their own when one is asked for after the other', async () => {
    await readAll(['Clients', 'record 1']);
    await readAll(['Clients', 'record 1']);
    assert.deepEqual(stub.calls, ['BatchGetItem', 'BatchGetItem']);
  });
});
