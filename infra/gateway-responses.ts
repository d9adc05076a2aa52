import { type GatewayResponseOptions, ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

/** An error that a REST API answers by itself. */
interface GatewayResponse {
  readonly type: ResponseType;
  /** API Gateway's own when absent. */
  readonly statusCode?: string;
  readonly error: string;
  readonly description: string;
  readonly retryAfterSeconds?: number;
}

const GATEWAY_RESPONSES: readonly GatewayResponse[] = [
  {
    // API Gateway's name for a path that has no route.
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    statusCode: '404',
    error: 'not_found',
    description: 'no endpoint is here: the metadata lists them',
  },
  { type: ResponseType.REQUEST_TOO_LARGE, error: 'invalid_request', description: 'the body is too long' },
  {
    type: ResponseType.THROTTLED,
    error: 'temporarily_unavailable',
    description: 'more requests came than the issuer takes',
    retryAfterSeconds: 1,
  },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    statusCode: '503',
    error: 'temporarily_unavailable',
    description: 'the issuer took too long',
    retryAfterSeconds: 1,
  },
  { type: ResponseType.DEFAULT_4XX, error: 'invalid_request', description: 'the API refused the request' },
  {
    type: ResponseType.DEFAULT_5XX,
    error: 'server_error',
    description: 'something broke in the issuer: its log has the request id',
  },
];

/** Has a REST API answer its own errors in the form that all others of the issuer have (RFC 6749 §5.2). */
export function addGatewayResponses(api: RestApi): void {
  for (const response of GATEWAY_RESPONSES) {
    api.addGatewayResponse(response.type.responseType, toOptions(response));
  }
}

function toOptions(response: GatewayResponse): GatewayResponseOptions {
  const { type, statusCode, error, description, retryAfterSeconds } = response;
  return {
    type,
    ...(statusCode === undefined ? {} : { statusCode }),
    // API Gateway takes literal values in quotes of their own.
    responseHeaders: {
      'Cache-Control': "'no-store'",
      Pragma: "'no-cache'",
      ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': `'${retryAfterSeconds}'` }),
    },
    templates: { 'application/json': JSON.stringify({ error, error_description: description }) },
  };
}
