import type { Confirmation } from '../access-token/confirmation.ts';
import type { Client } from '../client.ts';
import { isMutualTlsMethod } from '../client-authentication/method-names.ts';
import { OAuthError } from '../oauth-error.ts';
import type { OAuthRequest } from '../oauth-request.ts';
import { certificateThumbprint, readClientCertificate } from './client-certificate.ts';

/**
 * What binds the token of a request to a certificate: the one that the client authenticated by, or that it shows beside other
 * credentials when its tokens are to be bound (RFC 8705 §3, §4).
 *
 * @throws OAuthError `invalid_request` when such a client shows none.
 */
export function certificateBinding(
  { clientCertificate }: Pick<OAuthRequest, 'clientCertificate'>,
  client: Pick<Client, 'token_endpoint_auth_method' | 'tls_client_certificate_bound_access_tokens'>,
): Pick<Confirmation, 'x5t#S256'> | undefined {
  const isBound = client.tls_client_certificate_bound_access_tokens === true;
  if (!isBound && !isMutualTlsMethod(client.token_endpoint_auth_method)) return undefined;
  const certificate = clientCertificate && readClientCertificate(clientCertificate);
  if (certificate) return { 'x5t#S256': certificateThumbprint(certificate.der) };
  throw new OAuthError(
    'invalid_request',
    'tokens of the client are bound to its certificate: request them by mutual TLS (RFC 8705 section 3)',
  );
}
