import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';

/**
 * The access log's line: who asked for which route and what came of it, in the words of the functions' request log.
 *
 * An allow-list: no header, no body, and of the URI only the route that it met, for callers put credentials into all of them.
 *
 * @param route the variable that has the route: an HTTP API and a REST API name it differently
 */
export function accessLogFormat(route: '$context.routeKey' | '$context.resourcePath'): AccessLogFormat {
  return AccessLogFormat.custom(
    JSON.stringify({
      time: '$context.requestTime',
      request_id: '$context.requestId',
      source_ip: '$context.identity.sourceIp',
      method: '$context.httpMethod',
      route,
      status: '$context.status',
      latency_ms: '$context.responseLatency',
    }),
  );
}
