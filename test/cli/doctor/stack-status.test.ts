import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stackStatus } from '../../../cli/doctor/stack-status.ts';
import { found, healthyDeployment } from './healthy-deployment.ts';

const READ_EVENTS =
  'see what failed, mend that, and deploy again: aws cloudformation describe-stack-events --stack-name Signet';

describe('signet doctor: stack', () => {
  for (const [status, mend] of [
    ['UPDATE_ROLLBACK_COMPLETE', READ_EVENTS],
    ['UPDATE_ROLLBACK_FAILED', READ_EVENTS],
    ['DELETE_FAILED', READ_EVENTS],
    ['UPDATE_IN_PROGRESS', 'ask again when the deploy is over'],
  ] as const) {
    it(`finds one that is ${status}`, async () => {
      const deployment = { ...(await healthyDeployment()), status };
      assert.deepEqual(await found(stackStatus, deployment), [`Signet is ${status} | ${mend}`]);
    });
  }

  it('finds nothing wrong with one that was just made', async () => {
    assert.deepEqual(
      await found(stackStatus, { ...(await healthyDeployment()), status: 'CREATE_COMPLETE' }),
      [],
    );
  });
});
