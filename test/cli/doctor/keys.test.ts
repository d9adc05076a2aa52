import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keys } from '../../../cli/doctor/keys.ts';
import type { SigningKey } from '../../../core/jose/signing-key.ts';
import { DAY, found, healthyDeployment, withKeys } from './healthy-deployment.ts';

const PERIOD_DAYS = 90;
const ROTATE = ' | have another follow it: signet keys rotate --stack Signet';
const DEPLOY = 'npx cdk deploy -c keyGeneration=N, one higher than it is';

/** What the key set has in the place of its key, by when each signs, how it signs, and how often the stack rotates keys. */
async function faultsWith(
  change: (key: SigningKey) => readonly SigningKey[],
  periodDays?: number,
): Promise<readonly string[]> {
  const deployment = await withKeys(await healthyDeployment(), change);
  const resources = await deployment.resources();
  if (periodDays === undefined) return found(keys, deployment);
  const Variables = { SIGNET_KEY_ROTATION_SECONDS: String(periodDays * DAY) };
  const rotation = {
    type: 'AWS::Lambda::Function',
    logicalId: 'KeyRotation',
    physicalId: 'Signet-KeyRotation-1',
    properties: { Environment: { Variables } },
  };
  return found(keys, { ...deployment, resources: async () => [...resources, rotation] });
}

function signsFor(days: number, private_key_reference = 'arn:aws:kms:key') {
  return (key: SigningKey) => [
    { ...key, signs_from: 1_800_000_000 + DAY - days * DAY, private_key_reference },
  ];
}

describe('signet doctor: keys', () => {
  it('finds that there are none', async () => {
    assert.deepEqual(await faultsWith(() => []), [
      'the Keys table has no keys in it: no token is issued, and none is good | put the item key-set back from a copy: aws dynamodb restore-table-to-point-in-time makes one, as docs/operations.md, “Backups”, tells',
    ]);
  });

  for (const [what, times] of [
    ['was disabled', { disabled_at: 1_800_000_000, retired_at: 1_800_000_000 }],
    ['was retired', { retired_at: 1_800_000_000 }],
  ] as const) {
    it(`finds an algorithm whose only key ${what}`, async () => {
      assert.deepEqual(await faultsWith((key) => [{ ...key, ...times }]), [
        `no key signs with ES256: no token is issued for resources that want it | publish one: ${DEPLOY}`,
      ]);
    });
  }

  it('finds a key in KMS that signs for longer than a year', async () => {
    const [fault = '', ...others] = await faultsWith(signsFor(366));
    assert.match(fault, /^the key [\w-]{43} \(ES256\) signs since 2026-01-15T08:00:00.000Z \| /);
    assert.ok(fault.endsWith(ROTATE), fault);
    assert.deepEqual(others, []);
  });

  it('finds a key in memory that signs for two days longer than the period of the stack', async () => {
    const [fault = ''] = await faultsWith(signsFor(PERIOD_DAYS + 2, 'envelope:AA'), PERIOD_DAYS);
    assert.ok(fault.endsWith(ROTATE), fault);
  });

  for (const [what, days, periodDays] of [
    ['a key that signs for almost a year', 365, undefined],
    ['a key that is to be followed in the next two days', PERIOD_DAYS + 1, PERIOD_DAYS],
  ] as const) {
    it(`finds nothing wrong with ${what}`, async () => {
      assert.deepEqual(await faultsWith(signsFor(days), periodDays), []);
    });
  }

  it('finds nothing wrong with a disabled key beside another that signs', async () => {
    const disabled = { disabled_at: 1_800_000_000, retired_at: 1_800_000_000 };
    assert.deepEqual(await faultsWith((key) => [{ ...key, ...disabled }, key]), []);
  });
});
