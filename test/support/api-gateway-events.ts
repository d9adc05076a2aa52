import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import type { HttpApiEvent, RestApiEvent } from '../../http/api-gateway.ts';

/** A request as its sender sees it. */
export interface SentRequest {
  readonly method?: string;
  readonly path?: string;
  /** The query string, without its question mark. */
  readonly query?: string;
  /** Header by header; a list is a header that was sent more than once. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  /** The certificate of the connection, in PEM. */
  readonly pem?: string;
}

/** The request id that both kinds of event carry, and that the caller cannot choose. */
export const REQUEST_ID = 'JKJaXmPLvHcESHA=';
export const SOURCE_IP = '192.0.2.1';

/** The event that an HTTP API makes of a request (payload version 2.0): names in lower case, form bodies in base64. */
export function httpApiEvent({
  method = 'GET',
  path = '/',
  query = '',
  headers = {},
  body,
  pem,
}: SentRequest) {
  const event = {
    version: '2.0',
    rawPath: path,
    rawQueryString: query,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(',')]),
    ),
    requestContext: {
      requestId: REQUEST_ID,
      authentication: pem === undefined ? null : { clientCert: { clientCertPem: pem } },
      http: { method, path, sourceIp: SOURCE_IP },
    },
    isBase64Encoded: body !== undefined,
    ...(body === undefined ? {} : { body: Buffer.from(body).toString('base64') }),
  };
  return event satisfies HttpApiEvent & Partial<Omit<APIGatewayProxyEventV2, 'requestContext'>>;
}

/** The event that a REST API makes of a request (payload version 1.0): names as they were sent, text bodies as they are. */
export function restApiEvent({
  method = 'GET',
  path = '/',
  query = '',
  headers = {},
  body,
  pem,
}: SentRequest) {
  const multiValueHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat()]),
  );
  const names = [...new Set(new URLSearchParams(query).keys())];
  const event = {
    httpMethod: method,
    path,
    multiValueHeaders,
    multiValueQueryStringParameters:
      query === ''
        ? null
        : Object.fromEntries(names.map((name) => [name, new URLSearchParams(query).getAll(name)])),
    requestContext: {
      requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      extendedRequestId: REQUEST_ID,
      identity: {
        sourceIp: SOURCE_IP,
        ...(pem === undefined ? {} : { clientCert: { clientCertPem: pem } }),
      },
    },
    body: body === undefined ? null : body.toString(),
    isBase64Encoded: false,
  };
  return event satisfies RestApiEvent & Partial<Omit<APIGatewayProxyEvent, 'requestContext'>>;
}
