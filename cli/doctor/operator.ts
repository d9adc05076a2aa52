import * as v from 'valibot';
import { ClientIdSchema } from '../../core/client-id.ts';
import { CLIENT_SECRET_KEY_OUTPUT, WRAPPING_KEY_OUTPUT } from '../deployed-store.ts';
import type { Check, Fault } from './check.ts';
import type { Deployment } from './deployment.ts';

/** A version that no write ever gets to: what would replace it, or what it would remove, is never there. */
const NO_VERSION = Number.MAX_SAFE_INTEGER;

const NO_CLIENT = {
  client_id: v.parse(ClientIdSchema, 'signet-doctor'),
  client_id_issued_at: 0,
  grant_types: [],
  resources: [],
  client_secrets: [],
  enabled: false,
  version: NO_VERSION,
};

/** Something that the management commands do, in a form that changes nothing. */
interface Attempt {
  /** The permission that it takes. */
  readonly permission: string;
  make(): Promise<unknown>;
}

/** Whether who asks may do what the management commands do. AWS decides by all that there is: policies, boundaries, organizations. */
export const operator: Check = {
  name: 'operator',
  well: 'you may do all that the management commands do',
  async findFaults(deployment) {
    const faults = await Promise.all(attemptsOn(deployment).map(tryOut));
    return faults.flat();
  },
};

function attemptsOn({ store, outputs }: Deployment): readonly Attempt[] {
  const { clients, signingKeys, keyMaker, secretDerivation } = store;
  const noKeySet = { version: NO_VERSION, keys: [] };
  return [
    {
      // In one call, where both are read at once: who is denied one of them is denied both.
      permission: 'dynamodb:BatchGetItem on both the Clients and the Keys table',
      make: () => Promise.all([clients.find(NO_CLIENT.client_id), signingKeys.load()]),
    },
    { permission: 'dynamodb:Query on the index ByKind of the Clients table', make: () => clients.list(1) },
    { permission: 'dynamodb:PutItem on the Clients table', make: () => clients.replace(NO_CLIENT) },
    { permission: 'dynamodb:DeleteItem on the Clients table', make: () => clients.remove(NO_CLIENT) },
    { permission: 'dynamodb:PutItem on the Keys table', make: () => signingKeys.replace(noKeySet) },
    ...(outputs.has(WRAPPING_KEY_OUTPUT)
      ? [
          {
            permission: `kms:GenerateDataKeyPairWithoutPlaintext on ${outputs.get(WRAPPING_KEY_OUTPUT)}`,
            make: () => keyMaker.make('ES256'),
          },
        ]
      : []),
    ...(secretDerivation
      ? [
          {
            permission: `kms:GenerateMac on ${outputs.get(CLIENT_SECRET_KEY_OUTPUT)}`,
            make: () => secretDerivation.derive('signet doctor'),
          },
        ]
      : []),
  ];
}

async function tryOut({ permission, make }: Attempt): Promise<readonly Fault[]> {
  try {
    await make();
    return [];
  } catch (error) {
    if (!(error instanceof Error && error.name.startsWith('AccessDenied'))) throw error;
    const mend = 'have it allowed to you: docs/operations.md, “Deploy”, lists what each command needs';
    return [{ found: `you may not ${permission}`, mend }];
  }
}
