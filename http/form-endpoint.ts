import { parseForm } from '../core/form.ts';
import { FORM_MAX_BYTES } from '../core/limits.ts';
import { OAuthError } from '../core/oauth-error.ts';
import type { OAuthRequest } from '../core/oauth-request.ts';
import type { RequestRecord } from '../core/request-record.ts';
import type { ResponseHeaders } from '../core/response-headers.ts';
import { prefersToJson } from './accept.ts';
import type { HttpRequest } from './api-gateway.ts';
import { decodeUtf8 } from './body.ts';
import { endpoint, type Handler } from './endpoint.ts';
import { requireMethod } from './method.ts';
import type { RequestLog } from './request-log.ts';
import { uncached, uncachedJson } from './response.ts';

/** An OAuth endpoint of the core: what it answers with goes out as JSON. */
export type OAuthEndpoint = (
  request: OAuthRequest,
  record: RequestRecord,
  headers: ResponseHeaders,
) => Promise<object | undefined>;

/** Another form of an endpoint's answer, for the callers that ask for it by `Accept`. */
interface Alternative {
  readonly mediaType: string;
  readonly handle: (request: OAuthRequest, record: RequestRecord) => Promise<string>;
}

/** Makes the handler of an endpoint that takes a form by POST and answers in JSON (RFC 6749 §3.2, RFC 7662 §2.1, RFC 7009 §2.1). */
export function formEndpoint(
  name: keyof typeof FORM_MAX_BYTES,
  handle: OAuthEndpoint,
  log: RequestLog,
  alternative?: Alternative,
): Handler {
  return endpoint(
    name,
    async ({ request, record, headers }) => {
      requireMethod(request, 'POST');
      const oauthRequest = toOAuthRequest(request, FORM_MAX_BYTES[name]);
      if (alternative && prefersToJson(request.headers['accept'], alternative.mediaType)) {
        return uncached(200, alternative.mediaType, await alternative.handle(oauthRequest, record));
      }
      const answer = await handle(oauthRequest, record, headers);
      return uncachedJson(200, answer, headers);
    },
    log,
  );
}

function toOAuthRequest(request: HttpRequest, maxBodyBytes: number): OAuthRequest {
  requireFormContentType(request.headers['content-type']);
  if (request.body.length > maxBodyBytes) {
    throw new OAuthError('invalid_request', `the body has more than ${maxBodyBytes} bytes`);
  }
  return {
    authorization: request.headers['authorization'],
    dpop: request.headers['dpop'],
    queryNames: request.query,
    parameters: parseForm(decodeUtf8(request.body, 'RFC 6749 Appendix B')),
    clientCertificate: request.clientCertificate,
  };
}

function requireFormContentType(contentType = ''): void {
  if (/^application\/x-www-form-urlencoded *(;|$)/i.test(contentType)) return;
  throw new OAuthError(
    'invalid_request',
    'the Content-Type is not application/x-www-form-urlencoded (RFC 6749 section 3.2)',
  );
}
