import { lookup } from 'node:dns';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isJsonObject, type JsonObject } from '../../core/json-object.ts';
import { REMOTE_DOCUMENT_MAX_BYTES, REMOTE_DOCUMENT_TIMEOUT_MILLISECONDS } from '../../core/limits.ts';
import { DocumentUnavailableError } from '../../core/ports/json-document-reader.ts';
import { isPublicAddress } from './public-address.ts';

/** Where documents may be fetched from, and how. */
export interface FetchOptions {
  /** Hosts that may have addresses which are not public. */
  readonly privateHosts: ReadonlySet<string>;
  /** How names are resolved. */
  readonly resolve?: typeof lookup;
  readonly timeoutMilliseconds?: number;
}

/**
 * Fetches a JSON object by https from whoever may publish one: a host of the internet, or one that the operator named. The address
 * is checked that the connection goes to, so that no name can lead elsewhere between. Redirects are not followed: what a
 * client registered, and an issuer names, is where its document is.
 *
 * @throws DocumentUnavailableError for all that can go wrong on the way
 */
export async function fetchJson(url: string, options: FetchOptions): Promise<JsonObject> {
  const { timeoutMilliseconds = REMOTE_DOCUMENT_TIMEOUT_MILLISECONDS } = options;
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  try {
    return parseObject(await fetchBytes(new URL(url), options, signal));
  } catch (error) {
    throw new DocumentUnavailableError(url, signal.aborted ? 'it took too long' : describe(error), error);
  }
}

async function fetchBytes(
  url: URL,
  { privateHosts, resolve = lookup }: FetchOptions,
  signal: AbortSignal,
): Promise<Buffer> {
  if (url.protocol !== 'https:') throw new Error('it is no https URL');
  if (url.username !== '' || url.password !== '') throw new Error('it has a user in it');
  const isPrivate = privateHosts.has(url.hostname);
  // No name is looked up for an address that stands in the URL.
  const literal = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (!isPrivate && isIP(literal) !== 0 && !isPublicAddress(literal)) throw notPublic(literal);
  const sent = request(url, {
    // A connection of its own each time: none is kept whose address was checked for something else, and no proxy is in between.
    agent: false,
    lookup: isPrivate ? resolve : publicLookup(resolve),
    rejectUnauthorized: true,
    signal,
    headers: { Accept: 'application/json', 'Accept-Encoding': 'identity' },
  });
  // What fails after the answer began is told by its body as well.
  sent.on('error', () => {});
  try {
    sent.end();
    const [response] = await once(sent, 'response');
    return await readBody(response);
  } finally {
    sent.destroy();
  }
}

async function readBody(response: IncomingMessage): Promise<Buffer> {
  if (response.statusCode !== 200) throw new Error(`it answered ${response.statusCode}`);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += chunk.length;
    if (length > REMOTE_DOCUMENT_MAX_BYTES)
      throw new Error(`it has more than ${REMOTE_DOCUMENT_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Resolves names for connections: to public addresses alone, or not at all. */
function publicLookup(resolve: typeof lookup): LookupFunction {
  return (hostname, options, callback) =>
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      const refused = addresses?.find(({ address }) => !isPublicAddress(address));
      if (error) callback(error, []);
      else if (!first) callback(new Error('it has no address'), []);
      else if (refused) callback(notPublic(refused.address), []);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
}

function notPublic(address: string): Error {
  return new Error(`its address ${address} is not public`);
}

function parseObject(bytes: Buffer): JsonObject {
  const value: unknown = JSON.parse(decode(bytes));
  if (!isJsonObject(value)) throw new SyntaxError('no JSON object');
  return value;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new SyntaxError('no UTF-8', { cause });
  }
}

/** In our words where the other side had a say in them: a message of the TLS or JSON parser quotes what it read. */
function describe(error: unknown): string {
  if (error instanceof SyntaxError) return 'it is no JSON object';
  if (!(error instanceof Error)) return 'it cannot be fetched';
  return 'code' in error ? `it cannot be fetched (${error.code})` : error.message;
}
