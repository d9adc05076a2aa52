import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { StubTables } from './aws-stub.ts';

/** The KMS keys of a stub, as items of a table of this name. */
const KMS = 'KMS';

/** A KMS key that was made at a time, in seconds, with a tag. */
export function kmsKey(name: string, madeAt: number, TagKey: string, TagValue: string) {
  const Arn = `arn:aws:kms:us-east-1:000000000000:key/${name}`;
  return { record: Arn, Tags: [{ TagKey, TagValue }], KeyMetadata: { Arn, CreationDate: madeAt } };
}

interface KeyInput {
  readonly KeyId: string;
}

/** What KMS answers who makes, looks for and deletes keys that sign in it. */
export const KMS_KEY_OUTPUTS: readonly (readonly [string, (input: never, tables: StubTables) => object])[] = [
  ['CreateKey', createKey],
  ['GetPublicKey', ({ KeyId }: KeyInput, tables) => pick(find(KeyId, tables), 'PublicKey')],
  ['ListKeys', pageOfKeys],
  ['ListResourceTags', ({ KeyId }: KeyInput, tables) => pick(find(KeyId, tables), 'Tags')],
  ['DescribeKey', ({ KeyId }: KeyInput, tables) => pick(find(KeyId, tables), 'KeyMetadata')],
  ['ScheduleKeyDeletion', scheduleKeyDeletion],
];

/** Two at a time: who looks for a key has to turn pages. */
function pageOfKeys({ Marker = '0' }: { readonly Marker?: string }, tables: StubTables): object {
  const [start, end] = [Number(Marker), Number(Marker) + 2];
  const Keys = keysOf(tables)
    .slice(start, end)
    .map(({ record }) => ({ KeyArn: record }));
  return { Keys, ...(end < keysOf(tables).length && { NextMarker: String(end) }) };
}

function keysOf(tables: StubTables): Readonly<Record<string, unknown>>[] {
  return tables[KMS] ?? [];
}

function find(arn: string, tables: StubTables): Readonly<Record<string, unknown>> {
  return keysOf(tables).find(({ record }) => record === arn) ?? {};
}

function pick(item: Readonly<Record<string, unknown>>, member: string): object {
  return { [member]: item[member] };
}

function createKey(
  { KeySpec, ...input }: { readonly KeySpec: string; readonly Tags: readonly object[] },
  tables: StubTables,
): object {
  const { record, KeyMetadata } = kmsKey(`made-${keysOf(tables).length}`, Date.now() / 1000, '', '');
  const PublicKey = publicKey(KeySpec).export({ format: 'der', type: 'spki' }).toString('base64');
  keysOf(tables).push({ ...input, record, KeyMetadata, PublicKey });
  return { KeyMetadata };
}

function publicKey(spec: string): KeyObject {
  return spec === 'RSA_2048'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
    : generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
}

function scheduleKeyDeletion(
  { KeyId, PendingWindowInDays }: KeyInput & { readonly PendingWindowInDays: number },
  tables: StubTables,
): object {
  const DeletionDate = Date.now() / 1000 + PendingWindowInDays * 86_400;
  Object.assign(find(KeyId, tables)['KeyMetadata'] ?? {}, { DeletionDate });
  return { KeyId, DeletionDate };
}
