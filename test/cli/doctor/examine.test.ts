import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Check } from '../../../cli/doctor/check.ts';
import { CHECKS, type Diagnosis, examine } from '../../../cli/doctor/examine.ts';
import { healthyDeployment } from './healthy-deployment.ts';

async function diagnoses(checks?: readonly Check[]): Promise<readonly Diagnosis[]> {
  const all: Diagnosis[] = [];
  for await (const diagnosis of examine(await healthyDeployment(), checks)) all.push(diagnosis);
  return all;
}

describe('signet doctor', () => {
  for (const [n, check] of CHECKS.entries()) {
    it(`finds nothing wrong with a healthy deployment: ${check.name}`, async () => {
      assert.deepEqual((await diagnoses())[n], { check: check.name, status: 'ok', found: check.well });
    });
  }

  it('tells of a check that cannot run, and runs the others', async () => {
    const well: Check = { name: 'well', well: 'all is well', findFaults: async () => [] };
    const fault = { found: 'it is broken', mend: 'mend it' };
    const broken: Check = { name: 'broken', well: '', findFaults: async () => [fault, fault] };
    const throwing = (name: string, error: unknown): Check => ({
      name,
      well: '',
      findFaults: () => Promise.reject(error),
    });
    const denied = Object.assign(new Error('User is not authorized'), { name: 'AccessDenied' });
    const mend = 'see that you may do what docs/operations.md, “Examine a deployment”, lists';
    assert.deepEqual(
      await diagnoses([throwing('denied', denied), broken, throwing('odd', 'no error'), well]),
      [
        {
          check: 'denied',
          status: 'unknown',
          found: 'it cannot be told: AccessDenied: User is not authorized',
          mend,
        },
        { check: 'broken', status: 'failed', ...fault },
        { check: 'broken', status: 'failed', ...fault },
        { check: 'odd', status: 'unknown', found: 'it cannot be told: Error: no error', mend },
        { check: 'well', status: 'ok', found: 'all is well' },
      ],
    );
  });

  it('tells what a check came to before those after it have ended', async () => {
    const well: Check = { name: 'well', well: 'all is well', findFaults: async () => [] };
    const endless: Check = { name: 'endless', well: '', findFaults: () => new Promise(() => undefined) };
    const { value } = await examine(await healthyDeployment(), [well, endless]).next();
    assert.equal(value.check, 'well');
  });
});
