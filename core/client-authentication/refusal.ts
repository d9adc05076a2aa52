import { OAuthError } from '../oauth-error.ts';

/** Why a client was not authenticated: the log has it, the caller never does. */
export type ClientAuthenticationRefusal =
  | 'no_credentials'
  | 'unsupported_method'
  | 'unknown_client'
  | 'wrong_secret'
  | 'secret_expired'
  | 'public_client'
  | 'assertion_malformed'
  | 'assertion_wrong_type'
  | 'assertion_wrong_algorithm'
  | 'assertion_unknown_key'
  | 'assertion_keys_unavailable'
  | 'assertion_wrong_signature'
  | 'assertion_wrong_issuer'
  | 'assertion_wrong_audience'
  | 'assertion_wrong_subject'
  | 'assertion_expired'
  | 'assertion_lives_too_long'
  | 'assertion_not_yet_valid'
  | 'assertion_replayed'
  | 'method_not_registered'
  | 'certificate_unreadable'
  | 'certificate_not_valid_now'
  | 'certificate_not_trusted'
  | 'wrong_certificate'
  | 'client_disabled';

/**
 * The one answer to every failed client authentication (RFC 6749 §5.2), so that it tells a guesser nothing:
 * neither whether the client exists, nor which of its checks failed.
 */
export function clientAuthenticationFailed(reason: ClientAuthenticationRefusal, cause?: unknown): OAuthError {
  return new OAuthError('invalid_client', 'client authentication failed', { reason, cause });
}
