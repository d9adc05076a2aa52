import { OAuthError } from '../oauth-error.ts';

/** What is asked of a request whose token does not let it through, whatever the reason (RFC 6750 §3). */
export const BEARER_CHALLENGE = 'Bearer realm="signet"';

/**
 * Reads the token that a request brings in its `Authorization` header (RFC 6750 §2.1), the one way that is taken.
 *
 * @throws OAuthError `invalid_token` when there is none
 */
export function requireBearerToken(authorization = ''): string {
  const [, token] = /^Bearer +(.+)$/i.exec(authorization) ?? [];
  if (token !== undefined) return token;
  // RFC 6750 §3.1: who has brought no token is told how, and of no error.
  throw new OAuthError('invalid_token', 'the request has no bearer token in its Authorization header', {
    challenge: BEARER_CHALLENGE,
    reason: 'no_credentials',
  });
}

/** The one refusal of every token that is not good (RFC 6750 §3.1): why is for the log alone. */
export function invalidToken(reason: string): OAuthError {
  return new OAuthError('invalid_token', 'the token is not good for this', {
    challenge: `${BEARER_CHALLENGE}, error="invalid_token"`,
    reason,
  });
}

/** A request that brings or uses its token in a way that is not taken (RFC 6750 §3.1). */
export function invalidBearerRequest(description: string): OAuthError {
  return new OAuthError('invalid_request', description, {
    challenge: `${BEARER_CHALLENGE}, error="invalid_request"`,
  });
}
