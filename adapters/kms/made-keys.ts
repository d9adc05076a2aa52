import {
  DescribeKeyCommand,
  type KMSClient,
  KMSInvalidStateException,
  ListKeysCommand,
  ListResourceTagsCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import type { MadeKey, MadeKeys } from '../../core/ports/made-keys.ts';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';

/** The tag of keys that are made while an issuer runs: it tells for which key set, and IAM goes by it (infra/needs.ts). */
export const KEY_SET_TAG = 'signet:key-set';

/** As long as KMS can wait before it deletes a key: until then the deletion can be cancelled. */
const PENDING_WINDOW_DAYS = 30;

/** How many keys' tags are asked for at once: as many as the SDK has connections. */
const PAGE_SIZE = 50;

/** The keys in KMS that were made for a key set: of all keys of the account, those with its tag. */
export function kmsMadeKeys(client: KMSClient, keySetTag: string): MadeKeys {
  return {
    list: () => orTemporarilyUnavailable(listMadeKeys(client, keySetTag)),
    async discard({ private_key_reference: KeyId }) {
      const command = new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: PENDING_WINDOW_DAYS });
      try {
        await orTemporarilyUnavailable(client.send(command));
      } catch (error) {
        // Its deletion is scheduled already.
        if (!(error instanceof KMSInvalidStateException)) throw error;
      }
    },
  };
}

async function listMadeKeys(client: KMSClient, keySetTag: string): Promise<readonly MadeKey[]> {
  const made: MadeKey[] = [];
  let after: string | undefined;
  do {
    const command = new ListKeysCommand({ Limit: PAGE_SIZE, Marker: after });
    const { Keys = [], NextMarker } = await client.send(command);
    const found = await Promise.all(
      Keys.map(async ({ KeyArn = '' }) =>
        (await hasTag(client, KeyArn, keySetTag)) ? describeUndiscarded(client, KeyArn) : [],
      ),
    );
    made.push(...found.flat());
    after = NextMarker;
  } while (after !== undefined);
  return made;
}

async function hasTag(client: KMSClient, KeyId: string, keySetTag: string): Promise<boolean> {
  try {
    const { Tags = [] } = await client.send(new ListResourceTagsCommand({ KeyId }));
    return Tags.some(({ TagKey, TagValue }) => TagKey === KEY_SET_TAG && TagValue === keySetTag);
  } catch (error) {
    // A key of the account whose own policy keeps others out is none that Signet made.
    if (error instanceof Error && error.name === 'AccessDeniedException') return false;
    throw error;
  }
}

async function describeUndiscarded(client: KMSClient, KeyId: string): Promise<readonly MadeKey[]> {
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
  if (!KeyMetadata?.CreationDate || KeyMetadata.DeletionDate) return [];
  return [{ private_key_reference: KeyId, made_at: Math.floor(KeyMetadata.CreationDate.getTime() / 1000) }];
}
