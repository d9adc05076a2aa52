import { type IncomingMessage, type OutgoingHttpHeaders, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import type { SecureContextOptions } from 'node:tls';

/** A request as it goes out; a header that is undefined is not sent. */
export interface WireRequest {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
  /** Whom to trust, and the certificate to show. */
  readonly tls?: SecureContextOptions;
}

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  /** Those that say something about OAuth, caching or CORS: transports and gateways add others. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const RELEVANT_HEADERS =
  /^(content-type|content-encoding|cache-control|pragma|etag|vary|allow|location|retry-after|dpop-nonce|set-cookie|www-authenticate|access-control-.*)$/;

/** What an answer has that no log may have. */
const ISSUED = /"(?:access_token|client_secret|registration_access_token)":"([^"]+)"/g;

const SECRET_PARAMETERS = [
  ...['client_secret', 'client_assertion', 'token', 'access_token'],
  ...['subject_token', 'actor_token'],
];

/** HTTP to an issuer, not through `fetch`, which repairs what it thinks is broken. */
export class Wire {
  readonly #secrets = new Set<string>();

  /** Every secret and token that has gone either way: none of them may stand in the issuer's log. */
  get secrets(): ReadonlySet<string> {
    return this.#secrets;
  }

  /** Sends a request and reads the whole answer. */
  async send(
    url: string,
    { method = 'GET', headers = {}, body = '', tls }: WireRequest = {},
  ): Promise<Answer> {
    this.#remember(url, headers, body);
    const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
    const request = url.startsWith('https:') ? requestHttps : requestHttp;
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, { ...tls, method, headers: sent })
        .on('response', resolve)
        .on('error', reject)
        .end(body);
    });
    const answer = await text(incoming);
    for (const [, issued = ''] of answer.matchAll(ISSUED)) this.#secrets.add(issued);
    return { status: incoming.statusCode ?? 0, headers: relevant(incoming.headers), text: answer };
  }

  #remember(url: string, headers: OutgoingHttpHeaders, body: string | Uint8Array): void {
    for (const authorization of [headers['Authorization'] ?? []].flat()) {
      const credentials = String(authorization).replace(/^\S+ +/, '');
      const userPass = Buffer.from(credentials, 'base64').toString();
      for (const secret of [credentials, userPass.slice(userPass.indexOf(':') + 1)])
        this.#secrets.add(secret);
    }
    for (const proof of [headers['DPoP'] ?? []].flat()) this.#secrets.add(String(proof));
    const parameters = [new URL(url).searchParams, new URLSearchParams(Buffer.from(body).toString())];
    for (const name of SECRET_PARAMETERS) {
      for (const secret of parameters.flatMap((form) => form.getAll(name))) this.#secrets.add(secret);
    }
  }
}

/** Takes those headers that say something, by their names in lower case. */
export function relevant(headers: IncomingMessage['headers']): Record<string, string> {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return Object.fromEntries(named.filter(([name]) => RELEVANT_HEADERS.test(name)));
}
