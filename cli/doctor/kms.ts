import { isDataKeyPair } from '../../adapters/kms/data-key-pair.ts';
import { isInUse } from '../../core/jose/signing-key.ts';
import { CLIENT_SECRET_KEY_OUTPUT, WRAPPING_KEY_OUTPUT } from '../deployed-store.ts';
import type { Check, Fault } from './check.ts';
import type { Deployment } from './deployment.ts';

/** Whether KMS does its part with all keys of it that are in use. */
export const kms: Check = {
  name: 'kms',
  well: 'all keys of KMS that are in use are enabled',
  async findFaults(deployment) {
    const faults = (await keysInUse(deployment)).map(async (arn) =>
      checkState(arn, await deployment.readKeyState(arn)),
    );
    return (await Promise.all(faults)).flat();
  },
};

/** The keys that sign in KMS, and those that others are encrypted under or derived by. */
async function keysInUse({ store, outputs, clock }: Deployment): Promise<readonly string[]> {
  const now = clock();
  const { keys } = await store.signingKeys.load();
  return [
    ...keys.filter((key) => isInUse(key, now) && !isDataKeyPair(key)).map((key) => key.private_key_reference),
    ...[WRAPPING_KEY_OUTPUT, CLIENT_SECRET_KEY_OUTPUT].flatMap((output) => outputs.get(output) ?? []),
  ];
}

const LEAKED = 'unless it was turned off for having leaked (docs/operations.md, “When a key leaked”)';

function checkState(arn: string, state = 'gone'): readonly Fault[] {
  if (state === 'Enabled') return [];
  return [{ found: `the key ${arn} of KMS is ${state}: what needs it fails`, mend: mendState(arn, state) }];
}

function mendState(arn: string, state: string): string {
  if (state === 'Disabled') return `aws kms enable-key --key-id ${arn}, ${LEAKED}`;
  if (state === 'PendingDeletion')
    return `before it is gone for ever: aws kms cancel-key-deletion --key-id ${arn}, then aws kms enable-key --key-id ${arn}, ${LEAKED}`;
  if (state === 'gone')
    return 'nothing brings it back: have another follow it, as docs/operations.md, “Rotate a key”, tells';
  return `see what KMS tells of it: aws kms describe-key --key-id ${arn}`;
}
