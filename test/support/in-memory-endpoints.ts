import { embeddedRoutes } from '../../cli/serve/routes.ts';
import type { Issuer } from '../../core/issuer.ts';
import { ALGS } from '../../core/jose/algorithms.ts';
import type { Registrar } from '../../core/registration/registration-endpoint.ts';
import type { ApiGatewayResponse } from '../../http/api-gateway.ts';
import type { RequestLogLine } from '../../http/request-log.ts';
import { httpApiEvent, restApiEvent, type SentRequest } from './api-gateway-events.ts';

/** The events that both kinds of API make of a request. */
export const EVENTS = { 'HTTP API': httpApiEvent, 'REST API': restApiEvent } as const;

/** The endpoints of an issuer, called as API Gateway calls them. */
export interface InMemoryEndpoints {
  /** Every line that they logged. */
  readonly lines: RequestLogLine[];
  send(request: SentRequest, api?: keyof typeof EVENTS): Promise<ApiGatewayResponse>;
}

/** Makes the endpoints of an issuer; with a registrar clients can register themselves. */
export function inMemoryEndpoints(issuer: Issuer, registrar?: Registrar): InMemoryEndpoints {
  const lines: RequestLogLine[] = [];
  const find = embeddedRoutes(issuer, ALGS, (line) => lines.push(line), registrar);
  return {
    lines,
    send: (request, api = 'HTTP API') => find(request.path ?? '/')(EVENTS[api](request)),
  };
}

/** A form that is posted to an endpoint. */
export function post(
  path: string,
  form: Readonly<Record<string, string>>,
  headers: SentRequest['headers'] = {},
): SentRequest {
  return {
    method: 'POST',
    path,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
  };
}
