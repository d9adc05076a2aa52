import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import type { PresentedCertificate } from '../core/mutual-tls/client-certificate.ts';

/** What Signet reads of an event of a REST API (payload version 1.0). */
export type RestApiEvent = Pick<
  APIGatewayProxyEvent,
  'httpMethod' | 'multiValueHeaders' | 'multiValueQueryStringParameters' | 'body' | 'isBase64Encoded'
> & {
  readonly requestContext: {
    /** Not `requestId`, which the caller may choose by a header. */
    readonly extendedRequestId: string;
    readonly identity: { readonly sourceIp: string; readonly clientCert?: EventCertificate | null };
  };
};

/** What Signet reads of an event of an HTTP API (payload version 2.0). */
export type HttpApiEvent = Pick<
  APIGatewayProxyEventV2,
  'rawQueryString' | 'headers' | 'body' | 'isBase64Encoded'
> & {
  readonly requestContext: {
    readonly requestId: string;
    readonly http: { readonly method: string; readonly sourceIp: string };
    readonly authentication?: { readonly clientCert: EventCertificate | null } | null | undefined;
  };
};

/** The certificate of a connection, which no header can stand for. */
interface EventCertificate {
  readonly clientCertPem: string;
  /** API Gateway lets no other certificate through than those of its trust store; the embedded server says it of each. */
  readonly trusted?: boolean;
}

/** What API Gateway hands a function; the embedded server makes the second kind. */
export type ApiGatewayEvent = RestApiEvent | HttpApiEvent;

/** What both kinds of API take as the answer. */
export interface ApiGatewayResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An HTTP request, free of the payload version it came in. */
export interface HttpRequest {
  readonly method: string;
  /** Header names in lower case; a header that came more than once is joined by commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The parameters in the URI. */
  readonly query: ReadonlyMap<string, readonly string[]>;
  readonly body: Buffer;
  /** API Gateway's id of the request, by which its access log and ours are joined. */
  readonly requestId: string;
  readonly sourceIp: string;
  readonly clientCertificate: PresentedCertificate | undefined;
}

/** Reads an event of either payload version. */
export function toHttpRequest(event: ApiGatewayEvent): HttpRequest {
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  return 'httpMethod' in event ? fromRestApi(event, body) : fromHttpApi(event, body);
}

function fromRestApi(event: RestApiEvent, body: Buffer): HttpRequest {
  const byName = Object.groupBy(Object.entries(event.multiValueHeaders ?? {}), ([name]) =>
    name.toLowerCase(),
  );
  const headers = Object.entries(byName).map(([name, entries]) => [
    name,
    entries?.flatMap(([, values]) => values).join(','),
  ]);
  return {
    method: event.httpMethod,
    headers: Object.fromEntries(headers),
    query: event.multiValueQueryStringParameters
      ? new Map(
          Object.entries(event.multiValueQueryStringParameters).map(([name, values]) => [name, values ?? []]),
        )
      : NO_QUERY,
    body,
    requestId: event.requestContext.extendedRequestId,
    sourceIp: event.requestContext.identity.sourceIp,
    clientCertificate: toCertificate(event.requestContext.identity.clientCert),
  };
}

function fromHttpApi(event: HttpApiEvent, body: Buffer): HttpRequest {
  return {
    method: event.requestContext.http.method,
    headers: event.headers,
    query: event.rawQueryString === '' ? NO_QUERY : readQuery(event.rawQueryString),
    body,
    requestId: event.requestContext.requestId,
    sourceIp: event.requestContext.http.sourceIp,
    clientCertificate: toCertificate(event.requestContext.authentication?.clientCert),
  };
}

function toCertificate(certificate: EventCertificate | null | undefined): PresentedCertificate | undefined {
  return certificate ? { pem: certificate.clientCertPem, trusted: certificate.trusted ?? true } : undefined;
}

function readQuery(rawQueryString: string): HttpRequest['query'] {
  const query = new URLSearchParams(rawQueryString);
  return new Map([...new Set(query.keys())].map((name) => [name, query.getAll(name)]));
}

const NO_QUERY: HttpRequest['query'] = new Map();
