import type { RequestRecord } from '../core/request-record.ts';
import type { ResponseHeaders } from '../core/response-headers.ts';
import { type ApiGatewayEvent, type HttpRequest, toHttpRequest } from './api-gateway.ts';

/** One request on its way through an endpoint: what came, and what the log will say of it. */
export interface Exchange {
  readonly request: HttpRequest;
  readonly record: RequestRecord;
  /** What the answer says beside what its kind says. */
  readonly headers: ResponseHeaders;
  /** Milliseconds, on the clock of `performance.now()`. */
  readonly startedAt: number;
}

/** Opens the exchange of an event, before anything can fail. */
export function openExchange(event: ApiGatewayEvent): Exchange {
  return { request: toHttpRequest(event), record: {}, headers: {}, startedAt: performance.now() };
}
