import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';

/** The variables that an HTTP API and a REST API name differently. */
export interface AccessLogVariables {
  /** The id that the caller cannot choose, and that the functions log. */
  readonly requestId: '$context.requestId' | '$context.extendedRequestId';
  readonly route: '$context.routeKey' | '$context.resourcePath';
}

/**
 * The access log's line: who asked for which route and what came of it, in the words of the functions' request log.
 *
 * An allow-list: no header, no body, and of the URI only the route that it met, for callers put credentials into all of them.
 *
 */
export function accessLogFormat({ requestId, route }: AccessLogVariables): AccessLogFormat {
  return AccessLogFormat.custom(
    JSON.stringify({
      time: '$context.requestTime',
      request_id: requestId,
      source_ip: '$context.identity.sourceIp',
      method: '$context.httpMethod',
      route,
      status: '$context.status',
      latency_ms: '$context.responseLatency',
    }),
  );
}
