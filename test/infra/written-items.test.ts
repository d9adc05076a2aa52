import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { INITIAL_ACCESS_TOKEN, recordKey } from '../../adapters/dynamodb/record-reader.ts';
import { dynamodbClientStore } from '../../adapters/dynamodb/record-store.ts';
import { dynamodbReplayStore } from '../../adapters/dynamodb/replay-store.ts';
import { dynamodbTokenStore } from '../../adapters/dynamodb/token-store.ts';
import { replayKey } from '../../core/replay-key.ts';
import { clientId, makeClient, resourceIdentifier } from '../support/records.ts';
import { synthesize } from '../support/synthesized-stack.ts';

const PutSchema = v.object({ Item: v.object({ record: v.object({ S: v.string() }) }) });

test('functions may write the items that their stores write, and of no other kind', async () => {
  const client = new DynamoDBClient({ region: 'us-east-1' });
  const written: string[] = [];
  client.middlewareStack.add(
    () => async (call) => {
      written.push(v.parse(PutSchema, call.input).Item.record.S);
      return { output: { $metadata: {} }, response: {} };
    },
    { step: 'initialize' },
  );
  const table = { name: 'Table', client, read: async () => undefined };
  const tokens = dynamodbTokenStore(table);
  await tokens.add({
    iss: 'https://auth.example.com',
    aud: resourceIdentifier('https://api.example.com'),
    sub: 'backend',
    client_id: clientId('backend'),
    iat: 1,
    exp: 2,
    jti: 'jti',
  });
  await tokens.revoke('jti', 2);
  await dynamodbReplayStore(table, () => 1).remember(replayKey('jti'), 2);
  await dynamodbClientStore(table).create(makeClient('backend'));
  const kinds = [...written, recordKey(INITIAL_ACCESS_TOKEN.kind, '')].map((record) => record.split('#')[0]);

  const policies = JSON.stringify(synthesize({ registration: true }).ofType('AWS::IAM::Policy'));
  const allowed = new Set(policies.matchAll(/"([a-z-]+)#\*"/g).map(([, kind]) => kind));
  // Resources are read by one function by such a condition, and written by none.
  allowed.delete('resource');
  assert.deepEqual([...allowed].sort(), kinds.sort());
});
