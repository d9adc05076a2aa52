import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { readStack } from '../../adapters/cloudformation/stack.ts';
import { systemClock } from '../../core/clock.ts';

const HOUR = 3_600;

const ANSWER = `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
  <DescribeStacksResult><Stacks><member>
    <StackId>arn:aws:cloudformation:us-east-1:0:stack/Signet/0</StackId><StackName>Signet</StackName><StackStatus>CREATE_COMPLETE</StackStatus>
    <CreationTime>2027-01-15T08:00:00Z</CreationTime>
    <Outputs><member><OutputKey>SignetKeysTable</OutputKey><OutputValue>Keys</OutputValue></member></Outputs>
  </member></Stacks></DescribeStacksResult>
</DescribeStacksResponse>`;

describe('a deployed stack', () => {
  /** By how much its clock is ahead of this machine's; without one it does not tell. */
  let aheadSeconds: number | undefined;
  const cloudFormation = createServer((request, response) => {
    request.resume();
    response.sendDate = false;
    if (aheadSeconds !== undefined)
      response.setHeader('Date', new Date(Date.now() + aheadSeconds * 1000).toUTCString());
    response.setHeader('Content-Type', 'text/xml');
    response.end(ANSWER);
  });
  before(async () => {
    cloudFormation.listen(0, '127.0.0.1');
    await once(cloudFormation, 'listening');
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(cloudFormation.address() as AddressInfo).port}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
  });
  after(() => cloudFormation.close());

  for (const [what, ahead, expected] of [
    ['of AWS, be that ahead', HOUR, HOUR],
    ['of AWS, be that behind', -HOUR, -HOUR],
    ['of this machine where AWS tells none', undefined, 0],
  ] as const) {
    it(`has its ARN, its state, its outputs, and the clock ${what}`, async () => {
      aheadSeconds = ahead;
      const { arn, status, outputs, clock } = await readStack('Signet');
      assert.equal(arn, 'arn:aws:cloudformation:us-east-1:0:stack/Signet/0');
      assert.deepEqual([status, ...outputs], ['CREATE_COMPLETE', ['SignetKeysTable', 'Keys']]);
      assert.ok(Math.abs(clock() - systemClock() - expected) <= 2);
    });
  }
});
