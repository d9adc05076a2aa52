import type { MiddlewareObj } from '@middy/core';
import { OAuthError } from '../core/oauth-error.ts';
import type { RequestRecord } from '../core/request-record.ts';
import type { ApiGatewayResponse } from './api-gateway.ts';
import type { Exchange } from './exchange.ts';
import { timestamp } from './timestamp.ts';

/** One line of the request log, the only one that a request writes; nothing the caller sent stands in it as it came. */
export interface RequestLogLine extends RequestRecord {
  /** When the answer was ready (RFC 3339). */
  readonly time: string;
  readonly endpoint: string;
  /** API Gateway's id of the request: its access log has the same. */
  readonly request_id: string;
  readonly source_ip: string;
  /** One that HTTP knows, or `other`. */
  readonly method: string;
  readonly status: number;
  /** The error code that went out. */
  readonly error?: string;
  /** What broke when it was not the caller's doing: the name and message of the error underneath. */
  readonly fault?: string;
  readonly duration_ms: number;
  /** The first request of a new Lambda environment. */
  readonly cold_start: boolean;
}

/** Where the lines go. */
export type RequestLog = (line: RequestLogLine) => void;

/** HTTP's own (RFC 9110 §9.3, RFC 5789 §2). Any other word is the caller's, who may have put a secret there. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE']);

/** Logs each request once, however it ended: the outermost middleware, so that it sees the answer as it goes out. */
export function requestLog(endpoint: string, log: RequestLog): MiddlewareObj<Exchange, ApiGatewayResponse> {
  let coldStart = true;
  const write = (
    { request, record, startedAt }: Exchange,
    response: ApiGatewayResponse | null | undefined,
    failure: ReturnType<typeof describeError> = {},
  ) => {
    log({
      time: timestamp(Date.now()),
      endpoint,
      request_id: request.requestId,
      source_ip: request.sourceIp,
      method: METHODS.has(request.method) ? request.method : 'other',
      status: response?.statusCode ?? 500,
      ...record,
      ...failure,
      duration_ms: Math.round((performance.now() - startedAt) * 100) / 100,
      cold_start: coldStart,
    });
    coldStart = false;
  };
  return {
    after: ({ event, response }) => write(event, response),
    onError: ({ event, response, error }) => write(event, response, describeError(error)),
  };
}

function describeError(error: unknown): Pick<RequestLogLine, 'error' | 'fault' | 'reason'> {
  if (!(error instanceof OAuthError)) return { error: 'server_error', fault: describeFault(error) };
  return {
    error: error.code,
    ...(error.reason === undefined ? {} : { reason: error.reason }),
    ...(error.cause === undefined ? {} : { fault: describeFault(error.cause) }),
  };
}

function describeFault(fault: unknown): string {
  return fault instanceof Error ? `${fault.name}: ${fault.message}` : 'something that is no Error was thrown';
}
