import type { Client } from '../client.ts';
import { type ClientCertificate, readClientCertificate } from '../mutual-tls/client-certificate.ts';
import type { OAuthRequest } from '../oauth-request.ts';
import type { RequestRecord } from '../request-record.ts';
import { findClient, unknownClientIdSha256 } from './find-client.ts';
import type { ClientAuthenticationPorts } from './method.ts';
import { isMutualTlsMethod, type MutualTlsMethod } from './method-names.ts';
import { type ClientAuthenticationRefusal, clientAuthenticationFailed } from './refusal.ts';
import { refuseSelfSigned } from './self-signed-tls-client-auth.ts';
import { refuseCertified } from './tls-client-auth.ts';

/** Says why a certificate is not the client's; undefined when it is. */
export type RefuseCertificate = (
  certificate: ClientCertificate,
  client: Client,
) => ClientAuthenticationRefusal | undefined;

/** How each method knows a client by its certificate (RFC 8705 §2): one file each, and a row here. */
const METHODS: Readonly<Record<MutualTlsMethod, RefuseCertificate>> = {
  tls_client_auth: refuseCertified,
  self_signed_tls_client_auth: refuseSelfSigned,
};

/**
 * Authenticates the client that `client_id` names by the certificate of the connection and by nothing else (RFC 8705 §2), in the
 * way that it is registered for.
 *
 * @throws OAuthError `invalid_client` on any failure.
 */
export async function authenticateByCertificate(
  { clientCertificate, parameters }: OAuthRequest,
  { clients, clock }: Pick<ClientAuthenticationPorts, 'clients' | 'clock'>,
  record: RequestRecord,
): Promise<Client> {
  const client_id = parameters.get('client_id');
  if (!clientCertificate || client_id === undefined) throw clientAuthenticationFailed('no_credentials');
  const certificate = readClientCertificate(clientCertificate);
  if (!certificate) throw clientAuthenticationFailed('certificate_unreadable');
  const client = await findClient(client_id, clients);
  // Made for a known client too: an unknown one must not take longer to refuse.
  const client_id_sha256 = unknownClientIdSha256(client_id);
  if (!client) {
    record.unknown_client_id_sha256 = client_id_sha256;
    throw clientAuthenticationFailed('unknown_client');
  }
  record.client_id = client.client_id;
  const { token_endpoint_auth_method: method } = client;
  if (!isMutualTlsMethod(method)) throw clientAuthenticationFailed('method_not_registered');
  record.auth_method = method;
  const refusal = refuseByTime(certificate, clock()) ?? METHODS[method](certificate, client);
  if (refusal) throw clientAuthenticationFailed(refusal);
  return client;
}

function refuseByTime(
  { notBefore, notAfter }: ClientCertificate,
  now: number,
): ClientAuthenticationRefusal | undefined {
  return notBefore <= now && now <= notAfter ? undefined : 'certificate_not_valid_now';
}
