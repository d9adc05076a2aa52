import { OAuthError } from '../oauth-error.ts';

/** The refusal of what is said of a client or resource (RFC 7591 §3.2.2): it says which member to change, and how. */
export function invalidClientMetadata(description: string): OAuthError {
  return new OAuthError('invalid_client_metadata', description);
}
