import { connect, type Socket } from 'node:net';

/** A response as it came over the connection. */
export interface RawResponse {
  readonly status: number;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** After this long without a byte the server is taken to say no more. */
const SILENCE_MILLISECONDS = 5_000;
const SILENCE = new Error('the server neither answers nor closes the connection');

/** Opens a connection to an issuer. */
export function connectTo(url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  return socket.setTimeout(SILENCE_MILLISECONDS, () => socket.destroy(SILENCE));
}

/** Sends bytes just as they are, and reads the responses until the server closes the connection. */
export async function sendRaw(url: string, bytes: string | Uint8Array): Promise<readonly RawResponse[]> {
  const socket = connectTo(url);
  socket.write(bytes);
  return readResponses(socket);
}

/**
 * Reads the responses that come until the server closes the connection, also when it does so while we still write.
 *
 * @throws Error when it leaves it open
 */
export async function readResponses(socket: Socket): Promise<readonly RawResponse[]> {
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk;
  });
  // Not `once` of node:events, which would take an error for the end.
  await new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve));
  if (socket.errored === SILENCE) throw SILENCE;
  return parseResponses(text);
}

function parseResponses(text: string): readonly RawResponse[] {
  if (text === '') return [];
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...fields] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    fields.map((field) => [field.split(': ', 1)[0]?.toLowerCase(), field.slice(field.indexOf(': ') + 2)]),
  );
  const status = Number(statusLine.split(' ')[1]);
  const rest = text.slice(end + 4);
  const body = rest.slice(0, status < 200 ? 0 : Number(headers['content-length'] ?? rest.length));
  return [{ status, headers, body }, ...parseResponses(rest.slice(body.length))];
}
