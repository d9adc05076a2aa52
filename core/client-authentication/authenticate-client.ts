import type { Client } from '../client.ts';
import { OAuthError } from '../oauth-error.ts';
import type { OAuthRequest } from '../oauth-request.ts';
import type { RequestRecord } from '../request-record.ts';
import { clientSecretBasic } from './client-secret-basic.ts';
import { clientSecretJwt } from './client-secret-jwt.ts';
import { clientSecretPost } from './client-secret-post.ts';
import type { ClientAuthenticationMethod, ClientAuthenticationPorts } from './method.ts';
import { authenticateByCertificate } from './mutual-tls.ts';
import { privateKeyJwt } from './private-key-jwt.ts';
import { clientAuthenticationFailed } from './refusal.ts';

const BY_NAME: Readonly<Record<ClientAuthenticationMethod['name'], ClientAuthenticationMethod>> = {
  client_secret_basic: clientSecretBasic,
  client_secret_post: clientSecretPost,
  client_secret_jwt: clientSecretJwt,
  private_key_jwt: privateKeyJwt,
};
const METHODS = Object.values(BY_NAME);

/** Credentials in a URI end up in histories and access logs: whoever sends them has to learn of it (RFC 6749 §2.3.1). */
const CREDENTIAL_PARAMETERS = new Set(['client_secret', 'client_assertion']);

/**
 * Authenticates the client of a request by exactly one method (RFC 6749 §2.3), the one that it is registered for.
 *
 * @throws OAuthError `invalid_client` on every failure alike, `invalid_request` when the request presents more than one method.
 */
export async function authenticateClient(
  request: OAuthRequest,
  ports: ClientAuthenticationPorts,
  record: RequestRecord,
): Promise<Client> {
  const method = presentedMethod(request);
  const client = method
    ? await authenticateBy(method, request, ports, record)
    : await authenticateByCertificate(request, ports, record);
  if (!client.enabled) throw clientAuthenticationFailed('client_disabled');
  refuseOtherClientId(request, client);
  return client;
}

async function authenticateBy(
  method: ClientAuthenticationMethod,
  request: OAuthRequest,
  ports: ClientAuthenticationPorts,
  record: RequestRecord,
): Promise<Client> {
  record.auth_method = method.name;
  const client = await method.authenticate(request, ports, record);
  if ((client.token_endpoint_auth_method ?? method.name) === method.name) return client;
  throw clientAuthenticationFailed('method_not_registered');
}

/** None when the request has no credentials: its connection may have a certificate, which beside others is none. */
function presentedMethod(request: OAuthRequest): ClientAuthenticationMethod | undefined {
  if (!CREDENTIAL_PARAMETERS.isDisjointFrom(request.queryNames)) {
    throw new OAuthError(
      'invalid_request',
      'credentials stand in the request URI: send them in the body or the Authorization header',
    );
  }
  const [method, other] = METHODS.filter((candidate) => candidate.isPresented(request));
  if (method && other) {
    throw new OAuthError(
      'invalid_request',
      `the request authenticates by both ${method.name} and ${other.name}: send one`,
    );
  }
  return method;
}

/** Some clients repeat their `client_id` in the body beside another method; it has to be the same one. */
function refuseOtherClientId(request: OAuthRequest, client: Client): void {
  const client_id = request.parameters.get('client_id');
  if (client_id !== undefined && client_id !== client.client_id) {
    throw new OAuthError('invalid_request', 'client_id in the body is not that of the authenticated client');
  }
}
