import { marshall } from '@aws-sdk/util-dynamodb';
import type { Clock } from '../../core/clock.ts';
import type { ReplayStore } from '../../core/ports/replay-store.ts';
import type { Table } from './client.ts';
import { putIf } from './conditional-put.ts';

/** What was used once, in the Tokens table; DynamoDB deletes it some time after its own, so the clock says when that is over. */
export function dynamodbReplayStore(table: Table, clock: Clock): ReplayStore {
  return {
    remember: (key, until) =>
      putIf(
        table,
        { record: `replay#${key}`, expires_at: until },
        {
          ConditionExpression: 'attribute_not_exists(#record) OR #expires_at <= :now',
          ExpressionAttributeNames: { '#record': 'record', '#expires_at': 'expires_at' },
          ExpressionAttributeValues: marshall({ ':now': clock() }),
        },
      ),
  };
}
