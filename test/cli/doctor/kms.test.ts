import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kms } from '../../../cli/doctor/kms.ts';
import {
  found,
  healthyDeployment,
  SECRET_KEY,
  SIGNING_KEY_ARN,
  WRAPPING_KEY,
  withKeys,
} from './healthy-deployment.ts';

const UNLESS = 'unless it was turned off for having leaked (docs/operations.md, “When a key leaked”)';

/** A deployment with a key that signs in KMS, and one in memory. */
async function deploymentWith(state: string | undefined, ofKey: string) {
  const deployment = await withKeys(await healthyDeployment(), (key) => [
    { ...key, private_key_reference: SIGNING_KEY_ARN },
    { ...key, private_key_reference: 'envelope:AA' },
  ]);
  return { ...deployment, readKeyState: async (arn: string) => (arn === ofKey ? state : 'Enabled') };
}

describe('signet doctor: kms', () => {
  for (const arn of [SIGNING_KEY_ARN, WRAPPING_KEY, SECRET_KEY]) {
    for (const [state, told, mend] of [
      ['Disabled', 'Disabled', `aws kms enable-key --key-id ${arn}, ${UNLESS}`],
      [
        'PendingDeletion',
        'PendingDeletion',
        `before it is gone for ever: aws kms cancel-key-deletion --key-id ${arn}, then aws kms enable-key --key-id ${arn}, ${UNLESS}`,
      ],
      [
        undefined,
        'gone',
        'nothing brings it back: have another follow it, as docs/operations.md, “Rotate a key”, tells',
      ],
      ['Unavailable', 'Unavailable', `see what KMS tells of it: aws kms describe-key --key-id ${arn}`],
    ] as const) {
      it(`finds that ${arn} is ${told}`, async () => {
        assert.deepEqual(await found(kms, await deploymentWith(state, arn)), [
          `the key ${arn} of KMS is ${told}: what needs it fails | ${mend}`,
        ]);
      });
    }
  }

  it('asks for no key that was retired', async () => {
    const deployment = await withKeys(await deploymentWith('Disabled', SIGNING_KEY_ARN), (key) => [
      { ...key, retired_at: 1_800_000_000 },
    ]);
    assert.deepEqual(await found(kms, deployment), []);
  });
});
