import { REGISTRATION_MAX_BYTES } from '../core/limits.ts';
import { OAuthError } from '../core/oauth-error.ts';
import {
  deleteClientConfiguration,
  readClientConfiguration,
  updateClientConfiguration,
} from '../core/registration/client-configuration-endpoint.ts';
import { type Registrar, registerClient } from '../core/registration/registration-endpoint.ts';
import type { RegistrationRequest } from '../core/registration/registration-request.ts';
import type { RequestRecord } from '../core/request-record.ts';
import type { HttpRequest } from './api-gateway.ts';
import { decodeUtf8 } from './body.ts';
import { endpoint, type Handler } from './endpoint.ts';
import { methodNotAllowed } from './method.ts';
import type { RequestLog } from './request-log.ts';
import { uncachedJson } from './response.ts';

interface Method {
  readonly handle: (
    request: RegistrationRequest,
    registrar: Registrar,
    record: RequestRecord,
  ) => Promise<object | undefined>;
  readonly takesBody: boolean;
  readonly statusCode: number;
}

/** What a method does, whether it takes a body, and how it answers when it did it (RFC 7591 §3.2.1, RFC 7592 §2). */
const METHODS: ReadonlyMap<string, Method> = new Map([
  ['POST', { handle: registerClient, takesBody: true, statusCode: 201 }],
  ['GET', { handle: readClientConfiguration, takesBody: false, statusCode: 200 }],
  ['PUT', { handle: updateClientConfiguration, takesBody: true, statusCode: 200 }],
  ['DELETE', { handle: deleteClientConfiguration, takesBody: false, statusCode: 204 }],
]);

/** Makes the handler of the client registration endpoint, which is the client configuration endpoint too: `client_id` says whose. */
export function registrationEndpoint(registrar: Registrar, log: RequestLog): Handler {
  return endpoint(
    'registration',
    async ({ request, record }) => {
      const method = METHODS.get(request.method) ?? methodNotAllowed(...METHODS.keys());
      const { handle, takesBody, statusCode } = method;
      return uncachedJson(
        statusCode,
        await handle(toRegistrationRequest(request, takesBody), registrar, record),
      );
    },
    log,
  );
}

function toRegistrationRequest(request: HttpRequest, takesBody: boolean): RegistrationRequest {
  const { query, headers } = request;
  return { authorization: headers['authorization'], query, body: takesBody ? readJsonText(request) : '' };
}

function readJsonText({ headers, body }: HttpRequest): string {
  if (!/^application\/json *(;|$)/i.test(headers['content-type'] ?? '')) {
    throw new OAuthError(
      'invalid_request',
      'the Content-Type is not application/json (RFC 7591 section 3.1)',
    );
  }
  if (body.length > REGISTRATION_MAX_BYTES) {
    throw new OAuthError('invalid_request', `the body has more than ${REGISTRATION_MAX_BYTES} bytes`);
  }
  return decodeUtf8(body, 'RFC 8259 section 8.1');
}
