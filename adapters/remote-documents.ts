import { systemClock } from '../core/clock.ts';
import type { JsonDocumentReader } from '../core/ports/json-document-reader.ts';
import { cachedDocumentReader } from './cache/document-cache.ts';
import { fetchJson } from './https/fetch-json.ts';

/** Reads what others publish, by https and through a cache; from hosts with private addresses only where the operator names them. */
export function remoteDocuments(privateHosts: readonly string[]): JsonDocumentReader {
  const options = { privateHosts: new Set(privateHosts) };
  return cachedDocumentReader((url) => fetchJson(url, options), systemClock);
}
