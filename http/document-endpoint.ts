import { createHash } from 'node:crypto';
import { DOCUMENT_MAX_AGE_SECONDS } from '../core/limits.ts';
import type { ApiGatewayResponse } from './api-gateway.ts';
import { endpoint, type Handler } from './endpoint.ts';
import type { Exchange } from './exchange.ts';
import { requireMethod } from './method.ts';
import type { RequestLog } from './request-log.ts';

/** Public documents are anyone's to read, from scripts in browsers too (Fetch, CORS protocol). */
const CORS = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'ETag' };
const PREFLIGHT = {
  ...CORS,
  'Access-Control-Allow-Methods': 'GET, HEAD',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Max-Age': '86400',
};
const CACHE_CONTROL = `public, max-age=${DOCUMENT_MAX_AGE_SECONDS}`;

/** Makes the handler of a public JSON document that caches may keep and ask after by ETag (RFC 9110 §13, RFC 9111). */
export function documentEndpoint(
  name: string,
  load: (exchange: Exchange) => Promise<object> | object,
  log: RequestLog,
): Handler {
  return endpoint(
    name,
    async (exchange) => {
      const { request } = exchange;
      requireMethod(request, 'GET', 'HEAD', 'OPTIONS');
      if (request.method === 'OPTIONS') return { statusCode: 204, headers: PREFLIGHT, body: '' };
      const document = documentResponse(
        JSON.stringify(await load(exchange)),
        request.headers['if-none-match'],
      );
      return request.method === 'HEAD' ? { ...document, body: '' } : document;
    },
    log,
  );
}

function documentResponse(body: string, ifNoneMatch: string | undefined): ApiGatewayResponse {
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  const headers = { 'Cache-Control': CACHE_CONTROL, ETag: etag, ...CORS };
  if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, etag))
    return { statusCode: 304, headers, body: '' };
  return { statusCode: 200, headers: { 'Content-Type': 'application/json', ...headers }, body };
}

/** The weak comparison (RFC 9110 §13.1.2): caches that compress on the way mark the tag with `W/`. */
function matchesEtag(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch.split(',').some((candidate) => ['*', etag, `W/${etag}`].includes(candidate.trim()));
}
