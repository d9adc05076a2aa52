import middy from '@middy/core';
import type { ApiGatewayEvent, ApiGatewayResponse } from './api-gateway.ts';
import { type Exchange, openExchange } from './exchange.ts';
import { oauthErrors } from './oauth-errors.ts';
import { type RequestLog, requestLog } from './request-log.ts';

/** A Lambda handler; the embedded issuer calls the same ones. */
export type Handler = (event: ApiGatewayEvent) => Promise<ApiGatewayResponse>;

/** Makes the handler of an endpoint: the request log around the OAuth errors around its answer. */
export function endpoint(
  name: string,
  answer: (exchange: Exchange) => Promise<ApiGatewayResponse>,
  log: RequestLog,
): Handler {
  const handle = middy<Exchange, ApiGatewayResponse>()
    .use(requestLog(name, log))
    .use(oauthErrors())
    .handler(answer);
  return (event) => handle(openExchange(event), NO_CONTEXT);
}

/** Nothing here asks Lambda about its invocation. */
const NO_CONTEXT = {} as Parameters<ReturnType<typeof middy>>[1];
