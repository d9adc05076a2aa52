import { OAuthError } from '../oauth-error.ts';

const CHALLENGE = 'Bearer realm="signet"';

/**
 * Reads the token that a request brings in its `Authorization` header (RFC 6750 §2.1), the one way that is taken.
 *
 * @throws OAuthError `invalid_token` when there is none
 */
export function requireBearerToken(authorization: string | undefined): string {
  const [, token] = /^Bearer +([\w~+/.-]+=*)$/i.exec(authorization ?? '') ?? [];
  if (token !== undefined) return token;
  // RFC 6750 §3.1: who has not tried to authenticate is told how, and of no error.
  const challenge = authorization === undefined ? CHALLENGE : `${CHALLENGE}, error="invalid_request"`;
  throw new OAuthError('invalid_token', 'the request has no bearer token in its Authorization header', {
    challenge,
    reason: 'no_credentials',
  });
}

/** The one refusal of every token that is not good (RFC 6750 §3.1): why is for the log alone. */
export function invalidToken(reason: string): OAuthError {
  return new OAuthError('invalid_token', 'the token is not good for this', {
    challenge: `${CHALLENGE}, error="invalid_token"`,
    reason,
  });
}
