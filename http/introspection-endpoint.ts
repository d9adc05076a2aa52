import { introspect } from '../core/introspection-endpoint.ts';
import { introspectSigned, SIGNED_INTROSPECTION_MEDIA_TYPE } from '../core/signed-introspection.ts';
import type { Handler } from './endpoint.ts';
import { formEndpoint } from './form-endpoint.ts';
import type { RequestLog } from './request-log.ts';

/** Makes the handler of an introspection endpoint that signs its responses for the callers that ask for it (RFC 9701 §4). */
export function signedIntrospectionEndpoint(
  issuer: Parameters<typeof introspectSigned>[1],
  log: RequestLog,
): Handler {
  return formEndpoint('introspection', (request, record) => introspect(request, issuer, record), log, {
    mediaType: SIGNED_INTROSPECTION_MEDIA_TYPE,
    handle: (request, record) => introspectSigned(request, issuer, record),
  });
}
