import type { MiddlewareObj } from '@middy/core';
import { OAuthError } from '../core/oauth-error.ts';
import type { ResponseHeaders } from '../core/response-headers.ts';
import type { ApiGatewayResponse } from './api-gateway.ts';
import type { Exchange } from './exchange.ts';
import { uncachedJson } from './response.ts';

/** A 401 has to say how to authenticate (RFC 9110 §15.5.2, RFC 6749 §5.2); the charset is RFC 7617's. */
const CHALLENGE = 'Basic realm="signet", charset="UTF-8"';

/** Makes whatever was thrown into the error response of RFC 6749 §5.2: the only place that does. */
export function oauthErrors(): MiddlewareObj<Exchange, ApiGatewayResponse> {
  return {
    // Assigned, not returned: middy would end the chain there, and the request would not be logged.
    onError: (request) => {
      request.response = errorResponse(request.error, request.event.headers);
    },
  };
}

function errorResponse(error: unknown, headers: ResponseHeaders): ApiGatewayResponse {
  if (!(error instanceof OAuthError)) {
    return errorResponse(
      new OAuthError('server_error', 'something broke in the issuer: its log has the request id'),
      headers,
    );
  }
  const { status, code, description, allow, retryAfterSeconds } = error;
  const { challenge = status === 401 ? CHALLENGE : undefined } = error;
  return uncachedJson(
    status,
    { error: code, error_description: printable(description) },
    {
      ...headers,
      ...(challenge === undefined ? {} : { 'WWW-Authenticate': challenge }),
      ...(allow === undefined ? {} : { Allow: allow.join(', ') }),
      ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
    },
  );
}

/** RFC 6749 §5.2 gives an `error_description` printable ASCII without quote and backslash. */
function printable(description: string): string {
  return description.replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "'");
}
