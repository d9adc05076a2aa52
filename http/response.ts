import type { ApiGatewayResponse } from './api-gateway.ts';

/** Responses that hold tokens, or say why there is none, are nobody's to keep (RFC 6749 §5.1); `Pragma` is for HTTP/1.0 caches. */
const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

/** A JSON response that no cache keeps; without a body it is empty. */
export function uncachedJson(
  statusCode: number,
  body: object | undefined,
  headers: Readonly<Record<string, string>> = {},
): ApiGatewayResponse {
  const text = body === undefined ? '' : JSON.stringify(body);
  return uncached(statusCode, 'application/json', text, headers);
}

/** A response of any media type that no cache keeps. */
export function uncached(
  statusCode: number,
  mediaType: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): ApiGatewayResponse {
  return { statusCode, headers: { 'Content-Type': mediaType, ...NO_STORE, ...headers }, body };
}
