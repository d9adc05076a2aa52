import type { ClientAuthenticationPorts } from '../core/client-authentication/method.ts';
import { systemClock } from '../core/clock.ts';
import { ENDPOINT_PATHS } from '../core/metadata.ts';
import type { ClientReader, ResourceReader } from '../core/ports/record-store.ts';
import type { SigningKeyReader } from '../core/ports/signing-key-store.ts';
import { cachedSigningKeyReader } from './cache/key-set-cache.ts';
import { cachedRecordReader } from './cache/record-cache.ts';
import { staleIfError } from './cache/stale-if-error.ts';
import type { DynamoDB } from './dynamodb/client.ts';
import { CLIENT, dynamodbRecordReader, RESOURCE } from './dynamodb/record-reader.ts';
import { dynamodbSigningKeyStore } from './dynamodb/signing-key-store.ts';
import { readSetting, SETTINGS } from './environment.ts';
import { logToStdout } from './log-to-stdout.ts';
import { remoteDocuments } from './remote-documents.ts';

// The parts of an issuer that several functions have, each made of the settings that it needs and no other: a function is given
// no table that it does not read.

/** One for all caches: when DynamoDB does not answer one of them, it answers none. */
const orStale = staleIfError(systemClock, (fault) => {
  logToStdout({ time: new Date().toISOString(), event: 'stale-if-error', fault: String(fault) });
});

/** What client assertions have to be for, and where keys are that clients publish. */
export function deployedAssertions(): Pick<
  ClientAuthenticationPorts,
  'identifier' | 'assertionAudience' | 'documents'
> {
  const identifier = readSetting(SETTINGS.issuer);
  const tokenEndpoint = identifier + ENDPOINT_PATHS.token_endpoint;
  return {
    identifier,
    assertionAudience: readSetting(SETTINGS.tokenEndpointAudience) ? tokenEndpoint : undefined,
    documents: remoteDocuments(readSetting(SETTINGS.privateHosts)),
  };
}

/** The clients, kept for `SIGNET_CACHE_SECONDS`. */
export function deployedClients(dynamodb: DynamoDB): ClientReader {
  const table = dynamodb.table(readSetting(SETTINGS.clientsTable));
  const reader = dynamodbRecordReader(table, CLIENT);
  return cachedRecordReader(reader, readSetting(SETTINGS.cache), systemClock, orStale);
}

/** The resources, kept for `SIGNET_CACHE_SECONDS`. */
export function deployedResources(dynamodb: DynamoDB): ResourceReader {
  const table = dynamodb.table(readSetting(SETTINGS.clientsTable));
  const reader = dynamodbRecordReader(table, RESOURCE);
  return cachedRecordReader(reader, readSetting(SETTINGS.cache), systemClock, orStale);
}

/** The key set, kept for a minute. */
export function deployedSigningKeys(dynamodb: DynamoDB): SigningKeyReader {
  const table = dynamodb.table(readSetting(SETTINGS.keysTable));
  return cachedSigningKeyReader(dynamodbSigningKeyStore(table), systemClock, orStale);
}
