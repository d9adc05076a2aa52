import type { Client } from '../client.ts';
import { CERTIFICATE_NAMES } from '../mutual-tls/certificate-names.ts';
import { invalidClientMetadata } from './invalid-client-metadata.ts';

const NAMES = Object.keys(CERTIFICATE_NAMES);

/**
 * Checks that a client has what its method by certificate needs, and no name that none looks at (RFC 8705 §2.1.2, §2.2.2).
 *
 * @throws OAuthError `invalid_client_metadata` that says what to add or take away
 */
export function requireCertificateMetadata(client: Client): void {
  const { token_endpoint_auth_method: method, jwks } = client;
  const given = NAMES.filter((name) => name in client);
  if (method === 'tls_client_auth' && given.length !== 1) {
    throw invalidClientMetadata(`tls_client_auth needs exactly one of ${NAMES.join(', ')}`);
  }
  const [name] = given;
  if (method !== 'tls_client_auth' && name !== undefined) {
    throw invalidClientMetadata(`${name} is for clients that authenticate by tls_client_auth`);
  }
  if (method === 'self_signed_tls_client_auth' && !jwks?.keys.some((key) => 'x5t#S256' in key)) {
    throw invalidClientMetadata(
      'self_signed_tls_client_auth needs jwks with a certificate: a key with x5c, or with x5t#S256',
    );
  }
}
