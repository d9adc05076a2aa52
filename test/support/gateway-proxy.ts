import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Gives an API in the emulator a URL of its own: the emulator's has a path that no issuer identifier has. */
export interface GatewayProxy {
  readonly url: string;
  /** Passes every request on to this URL, its path put behind that of the URL. */
  forwardTo(url: string): void;
  stop(): Promise<void>;
}

/** Starts a proxy on a free port; what it forwards to is said later, when the API is there. */
export async function startGatewayProxy(): Promise<GatewayProxy> {
  let target: string | undefined;
  const server = createServer({ joinDuplicateHeaders: true }, (incoming, outgoing) => {
    if (target === undefined) outgoing.writeHead(503).end();
    else forward(incoming, outgoing, target);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    forwardTo(url) {
      target = url;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, target: string): void {
  const { host, ...headers } = incoming.headers;
  const upstream = request(`${target}${incoming.url}`, { method: incoming.method, headers });
  upstream.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  upstream.on('error', () => outgoing.writeHead(502).end());
  incoming.pipe(upstream);
}
