import { OAuthError } from '../oauth-error.ts';

/** Why a client was not authenticated: the log has it, the caller never does. */
export type ClientAuthenticationRefusal =
  | 'no_credentials'
  | 'unsupported_method'
  | 'unknown_client'
  | 'wrong_secret'
  | 'secret_expired'
  | 'public_client'
  | 'method_not_registered'
  | 'client_disabled';

/**
 * The one answer to every failed client authentication (RFC 6749 §5.2), so that it tells a guesser nothing:
 * neither whether the client exists, nor which of its checks failed.
 */
export function clientAuthenticationFailed(reason: ClientAuthenticationRefusal): OAuthError {
  return new OAuthError('invalid_client', 'client authentication failed', { reason });
}
