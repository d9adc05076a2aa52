import { randomUUID } from 'node:crypto';
import type { HttpApiEvent } from '../../http/api-gateway.ts';

/** A form request as an HTTP API hands it to a function. */
export function formEvent(
  parameters: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): HttpApiEvent {
  return {
    rawQueryString: '',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    requestContext: { requestId: randomUUID(), http: { method: 'POST', sourceIp: '192.0.2.1' } },
    body: Buffer.from(new URLSearchParams(parameters).toString()).toString('base64'),
    isBase64Encoded: true,
  };
}

/** Basic credentials (RFC 7617). */
export function basic(client_id: string, client_secret: string): string {
  return `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`;
}
