import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alarms } from '../../../cli/doctor/alarms.ts';
import { ALARM, found, healthyDeployment } from './healthy-deployment.ts';

describe('signet doctor: alarms', () => {
  it('finds one that is raised', async () => {
    const raised = { name: ALARM, description: 'It fails.', state: 'ALARM', reason: 'Threshold crossed.' };
    const deployment = { ...(await healthyDeployment()), readAlarms: async () => [raised] };
    assert.deepEqual(await found(alarms, deployment), [
      `${ALARM} is raised: It fails. Threshold crossed. | docs/operations.md, “Alarms”, has what to do for each`,
    ]);
  });

  it('finds one that was deleted', async () => {
    const deployment = { ...(await healthyDeployment()), readAlarms: async () => [] };
    assert.deepEqual(await found(alarms, deployment), [
      `${ALARM} was deleted | have it made anew: npx cdk deploy -c monitoring=false, then npx cdk deploy`,
    ]);
  });

  it('finds nothing wrong with one that has too few data, and with a stack that was deployed without', async () => {
    const healthy = await healthyDeployment();
    const fresh = { name: ALARM, description: '', state: 'INSUFFICIENT_DATA', reason: '' };
    assert.deepEqual(await found(alarms, { ...healthy, readAlarms: async () => [fresh] }), []);
    assert.deepEqual(await found(alarms, { ...healthy, resources: async () => [] }), []);
  });
});
