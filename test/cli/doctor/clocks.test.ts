import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clocks } from '../../../cli/doctor/clocks.ts';
import { found, healthyDeployment, JWKS_URI } from './healthy-deployment.ts';

const NTP = 'have NTP set it: timedatectl set-ntp true';
const BETWEEN = `see what stands between you and the API, whose clock is that of AWS: curl -I ${JWKS_URI}`;

describe('signet doctor: clocks', () => {
  for (const [what, own, issuer, faults] of [
    ['this machine, ahead', 61, 0, [`the clock of this machine is 61 seconds ahead of that of AWS | ${NTP}`]],
    ['this machine, behind', -61, 0, [`the clock of this machine is 61 seconds behind that of AWS | ${NTP}`]],
    [
      'who answers for the issuer',
      0,
      -3_600,
      [`the clock of who answers at ${JWKS_URI} is 3600 seconds behind that of AWS | ${BETWEEN}`],
    ],
    ['nobody, where all are within a minute', 60, -60, []],
    ['nobody, where the issuer tells no time', 0, undefined, []],
  ] as const) {
    it(`finds the wrong clock of ${what}`, async () => {
      const healthy = await healthyDeployment();
      const now = healthy.clock();
      const answeredAt = issuer === undefined ? undefined : now + issuer;
      const deployment = {
        ...healthy,
        ownClock: () => now + own,
        fetchDocument: async () => ({ document: {}, answeredAt }),
      };
      assert.deepEqual(await found(clocks, deployment), faults);
    });
  }

  it('finds that the issuer cannot be asked, and the wrong clock of this machine all the same', async () => {
    const healthy = await healthyDeployment();
    const deployment = {
      ...healthy,
      ownClock: () => 0,
      fetchDocument: async () => ({ found: 'It answers 502', mend: 'Look.' }),
    };
    const [first = '', second] = await found(clocks, deployment);
    assert.match(first, /^the clock of this machine is \d+ seconds behind /);
    assert.equal(second, 'It answers 502 | Look.');
  });
});
