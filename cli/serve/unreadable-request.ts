import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { uncachedJson } from '../../http/response.ts';

/** The status and description of what node refuses before there is a request, by the code of its error. */
const REFUSALS: ReadonlyMap<string | undefined, readonly [number, string]> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'the request took too long to arrive']],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', [413, 'the extensions of a chunk are too long']],
  ['HPE_HEADER_OVERFLOW', [431, 'the header fields are too long']],
]);

/** Answers what cannot be read as a request, in JSON as everything else, and closes the connection: nothing in it is sure any more. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  // Without TLS there is no one to answer.
  if (error.code === 'ECONNRESET' || error.code?.startsWith('ERR_SSL') || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, error_description] = REFUSALS.get(error.code) ?? [400, 'the request is no HTTP/1.1'];
  const { headers, body } = uncachedJson(status, { error: 'invalid_request', error_description });
  const fields = { ...headers, 'Content-Length': Buffer.byteLength(body), Connection: 'close' };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n`;
  socket.end(head + body, () => socket.destroy());
}
