import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { TLSSocket, type TlsOptions } from 'node:tls';
import { FORM_MAX_BYTES } from '../../core/limits.ts';
import type { HttpApiEvent } from '../../http/api-gateway.ts';
import type { Handler } from '../../http/endpoint.ts';
import { uncachedJson } from '../../http/response.ts';
import { refuseUnreadable } from './unreadable-request.ts';

/** One byte more than any endpoint takes: the endpoint then refuses the body itself, and no one fills the memory. */
const BODY_MAX_BYTES = Math.max(...Object.values(FORM_MAX_BYTES)) + 1;

const OPTIONS = {
  /** Milliseconds that a request may take to arrive: as long as API Gateway waits. */
  requestTimeout: 30_000,
  /** As API Gateway does; node would keep the first of two `Authorization` headers and drop the other unseen. */
  joinDuplicateHeaders: true,
  /** We refuse a request without one ourselves: in JSON. */
  requireHostHeader: false,
};

/** How long requests may go on arriving once the server is to end; their answers take milliseconds. */
const GRACE_MILLISECONDS = 1_000;

/** A server that answers from handlers made for API Gateway. */
export interface EmbeddedServer {
  readonly port: number;
  /** Answers requests from now on; until then they wait. */
  route(routes: (path: string) => Handler): void;
  /** Takes no new requests, answers those under way, and ends: soon, whatever clients do. */
  close(): Promise<void>;
}

/**
 * Listens before there is anything to answer with, for a free port is known only then, and the issuer identifier has it in it.
 *
 * @throws Error of `listen`, with its `code`
 */
export async function listen(host: string, port: number, tls?: TlsOptions): Promise<EmbeddedServer> {
  const routes = Promise.withResolvers<(path: string) => Handler>();
  const server = tls ? createTlsServer({ ...OPTIONS, ...tls }) : createServer(OPTIONS);
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response, routes.promise, server).catch(() => response.destroy());
  };
  server.on('request', onRequest);
  // An expectation that is not known is no reason to refuse (RFC 9110 §10.1.1); node would, without a body.
  server.on('checkExpectation', onRequest);
  server.on('clientError', refuseUnreadable);
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    route: routes.resolve,
    close: () => closeServer(server, connections),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: Promise<(path: string) => Handler>,
  server: Server,
): Promise<void> {
  const event = await toEvent(request);
  const find = await routes;
  const { statusCode, headers, body } = lacksHost(request) ? NO_HOST : await find(event.rawPath)(event);
  // What is left of a body would be taken for the next request; and a server that ends takes no next one.
  const isLast = !request.readableEnded || !server.listening;
  response.writeHead(statusCode, {
    ...headers,
    ...(hasContent(request, statusCode) ? { 'Content-Length': Buffer.byteLength(body) } : {}),
    ...(isLast ? { Connection: 'close' } : {}),
  });
  response.end(body);
}

/** Other answers end with their headers (RFC 9112 §6.3). */
function hasContent({ method }: IncomingMessage, statusCode: number): boolean {
  return method !== 'HEAD' && statusCode !== 204 && statusCode !== 304;
}

const NO_HOST = uncachedJson(400, {
  error: 'invalid_request',
  error_description: 'the request has no Host (RFC 9112 section 3.2)',
});

function lacksHost({ headers, httpVersion }: IncomingMessage): boolean {
  return headers.host === undefined && httpVersion !== '1.0';
}

/** The event that an HTTP API would make of a request (payload version 2.0): what the handlers read of it. */
async function toEvent(request: IncomingMessage): Promise<HttpApiEvent & { readonly rawPath: string }> {
  const body = await readBody(request);
  // Clients of proxies put the authority before the path; a server takes that too (RFC 9112 §3.2.2).
  const url = (request.url ?? '').replace(/^https?:\/\/[^/?]*/i, '');
  const question = url.indexOf('?');
  const rawPath = question < 0 ? url : url.slice(0, question);
  return {
    rawPath,
    rawQueryString: question < 0 ? '' : url.slice(question + 1),
    // Of those that are lists to node, a request has none: `joinDuplicateHeaders` made strings of the rest.
    headers: request.headers as Record<string, string>,
    requestContext: {
      requestId: nextRequestId(),
      authentication: authenticationOf(request),
      http: { method: request.method ?? '', sourceIp: request.socket.remoteAddress ?? '' },
    },
    body: body.toString('base64'),
    isBase64Encoded: true,
  };
}

const SERVER_ID = randomBytes(6).toString('hex');
let requests = 0;

/** One that no other request has, of this process or of another: a count is cheaper than chance. */
function nextRequestId(): string {
  requests += 1;
  return `${SERVER_ID}-${requests}`;
}

/** The certificate of the connection, which no header can stand for. */
function authenticationOf({ socket }: IncomingMessage): HttpApiEvent['requestContext']['authentication'] {
  if (!(socket instanceof TLSSocket)) return null;
  const certificate = socket.getPeerX509Certificate();
  return certificate
    ? { clientCert: { clientCertPem: certificate.toString(), trusted: socket.authorized } }
    : null;
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

async function closeServer(server: Server, connections: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await Promise.race([closed, sleep(GRACE_MILLISECONDS, undefined, { ref: false })]);
  server.closeAllConnections();
  // Those whose TLS handshake is still under way are none of the server's yet.
  for (const connection of connections) connection.destroy();
  await closed;
}
