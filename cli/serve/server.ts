import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FORM_MAX_BYTES } from '../../core/limits.ts';
import type { HttpApiEvent } from '../../http/api-gateway.ts';
import type { Handler } from '../../http/endpoint.ts';

/** One byte more than any endpoint takes: the endpoint then refuses the body itself, and no one fills the memory. */
const BODY_MAX_BYTES = Math.max(...Object.values(FORM_MAX_BYTES)) + 1;

const OPTIONS = {
  /** Milliseconds that a request may take to arrive: as long as API Gateway waits. */
  requestTimeout: 30_000,
  /** As API Gateway does; node would keep the first of two `Authorization` headers and drop the other unseen. */
  joinDuplicateHeaders: true,
};

/** A server that answers from handlers made for API Gateway. */
export interface EmbeddedServer {
  readonly port: number;
  /** Answers requests from now on; until then they wait. */
  route(routes: (path: string) => Handler): void;
  /** Takes no new requests, answers those it has, and ends. */
  close(): Promise<void>;
}

/**
 * Listens before there is anything to answer with, for a free port is known only then, and the issuer identifier has it in it.
 *
 * @throws Error of `listen`, with its `code`
 */
export async function listen(host: string, port: number): Promise<EmbeddedServer> {
  const routes = Promise.withResolvers<(path: string) => Handler>();
  const server = createServer(OPTIONS, (request, response) => {
    answer(request, response, routes.promise).catch(() => response.destroy());
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    route: routes.resolve,
    close: () => closeServer(server),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: Promise<(path: string) => Handler>,
): Promise<void> {
  const event = await toEvent(request);
  const find = await routes;
  const { statusCode, headers, body } = await find(event.rawPath)(event);
  response.statusCode = statusCode;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // The rest of a body that was not read to its end would be taken for the next request.
  if (!request.readableEnded) response.setHeader('Connection', 'close');
  response.end(body);
}

/** The event that an HTTP API would make of a request (payload version 2.0): what the handlers read of it. */
async function toEvent(request: IncomingMessage): Promise<HttpApiEvent & { readonly rawPath: string }> {
  const body = await readBody(request);
  const url = request.url ?? '/';
  const question = url.indexOf('?');
  const rawPath = question < 0 ? url : url.slice(0, question);
  return {
    rawPath,
    rawQueryString: question < 0 ? '' : url.slice(question + 1),
    // Of those that are lists to node, a request has none: `joinDuplicateHeaders` made strings of the rest.
    headers: request.headers as Record<string, string>,
    requestContext: {
      requestId: randomUUID(),
      http: { method: request.method ?? '', sourceIp: request.socket.remoteAddress ?? '' },
    },
    body: body.toString('base64'),
    isBase64Encoded: true,
  };
}

/** By events: the stream's iterator costs more than all else that this server does for a short form. */
function readBody(request: IncomingMessage): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length < BODY_MAX_BYTES) return;
    request.pause();
    resolve(Buffer.concat(chunks));
  });
  request.on('end', () => resolve(Buffer.concat(chunks)));
  request.on('error', reject);
  return promise;
}

async function closeServer(server: Server): Promise<void> {
  server.close();
  server.closeIdleConnections();
  await once(server, 'close');
}
