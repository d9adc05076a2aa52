import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { commonName, makeCertificate, type TestCertificate } from './certificates.ts';

const now = Math.floor(Date.now() / 1000);
const HOUR = { notBefore: now - 3_600, notAfter: now + 3_600 };

/** The tags of a name and of an address among the alternative names of a certificate (RFC 5280 §4.2.1.6). */
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

/** Makes a CA, whose certificate whoever trusts it is given in PEM. */
export function makeCa(name = 'Test CA'): TestCertificate {
  return makeCertificate({ subject: commonName(name), isCa: true, ...HOUR });
}

/** How a site answers one request. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A site on the loopback address that speaks TLS, as clients and issuers publish what they publish. */
export interface HttpsSite {
  readonly port: number;
  /** Its URL without a slash at the end. */
  readonly url: string;
  /** What it answers at its paths; 404 elsewhere. */
  readonly pages: Map<string, object | Answer>;
  /** The paths that it was asked for. */
  readonly requests: string[];
  stop(): Promise<void>;
}

/** Starts a site, with a certificate of a CA for `localhost` and 127.0.0.1 unless another name is given. */
export async function startHttpsSite(ca: TestCertificate, name = 'localhost'): Promise<HttpsSite> {
  const { cert, key } = makeCertificate({
    subject: commonName(name),
    issuer: ca,
    ...HOUR,
    alternativeNames: [
      [DNS_NAME, name],
      [IP_ADDRESS, Buffer.from([127, 0, 0, 1])],
    ],
  });
  const pages: HttpsSite['pages'] = new Map();
  const requests: string[] = [];
  const server = createServer({ cert, key }, (request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    const page = pages.get(path);
    if (typeof page === 'function') page(request, response);
    else if (page) response.setHeader('Content-Type', 'application/json').end(JSON.stringify(page));
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `https://localhost:${port}`,
    pages,
    requests,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
