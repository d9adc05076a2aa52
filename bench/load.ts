import { connect } from 'node:net';
import { basic } from '../test/support/oauth-request.ts';
import type { MeasuredServer } from './contenders/measured-server.ts';

/** No answer takes longer than this unless the server is broken. */
const ANSWER_TIMEOUT_MILLISECONDS = 10_000;

/** What a server answered. */
export interface Load {
  readonly milliseconds: number;
  /** How long each answer took, in milliseconds. */
  readonly latencies: readonly number[];
}

/**
 * Sends requests for a time, each connection one after the other.
 *
 * It writes to sockets and not through an HTTP client: that would use more CPU than the servers do, and so measure itself.
 */
export async function sendRequests(
  server: MeasuredServer,
  concurrency: number,
  milliseconds: number,
): Promise<Load> {
  const start = performance.now();
  const requests = requestsTo(server);
  const connections = Array.from({ length: concurrency }, () =>
    requestUntil(start + milliseconds, new URL(server.url), requests),
  );
  const latencies = (await Promise.all(connections)).flat();
  return { milliseconds: performance.now() - start, latencies };
}

function requestUntil(
  deadline: number,
  { hostname, port }: URL,
  requests: readonly string[],
): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const latencies: number[] = [];
    let received = '';
    let next = Math.floor(Math.random() * requests.length);
    let sentAt = performance.now();
    const send = () => {
      next = (next + 1) % requests.length;
      sentAt = performance.now();
      socket.write(requests[next] ?? '');
    };
    const socket = connect(Number(port), hostname).setNoDelay().setEncoding('latin1');
    socket.setTimeout(ANSWER_TIMEOUT_MILLISECONDS, () =>
      socket.destroy(new Error('a server does not answer')),
    );
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('a server closed a connection')));
    socket.on('data', (text: string) => {
      received += text;
      if (!isWhole(received)) return;
      const now = performance.now();
      latencies.push(now - sentAt);
      if (!received.startsWith('HTTP/1.1 200 ')) socket.destroy(new Error(`a server answered: ${received}`));
      received = '';
      if (now < deadline) send();
      else {
        resolve(latencies);
        socket.destroy();
      }
    });
    send();
  });
}

function isWhole(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n');
  const [, length] = /content-length: (\d+)/i.exec(answer) ?? [];
  return end >= 0 && answer.length === end + 4 + Number(length);
}

function requestsTo({
  url,
  form,
  client: { client_id, client_secret },
  authorizations = [basic(client_id, client_secret)],
}: MeasuredServer): readonly string[] {
  const { host, pathname } = new URL(url);
  return authorizations.map((authorization) =>
    [
      `POST ${pathname} HTTP/1.1`,
      `Host: ${host}`,
      `Authorization: ${authorization}`,
      'Accept: application/json',
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${form.length}`,
      '',
      form,
    ].join('\r\n'),
  );
}
