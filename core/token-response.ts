import { type AccessTokenClaims, describeAudience } from './access-token/access-token-claims.ts';
import { tokenTypeOf } from './access-token/confirmation.ts';
import type { IssuedAccessToken } from './access-token/issue-access-token.ts';
import type { Authorization, Grant } from './grants/grant.ts';
import type { RequestRecord } from './request-record.ts';

/** A successful token response (RFC 6749 §5.1). */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: ReturnType<typeof tokenTypeOf>;
  /** Seconds: exactly the token's `exp` less its `iat`. */
  readonly expires_in: number;
  readonly scope?: string;
  /** Of a token exchange (RFC 8693 §2.2.1). */
  readonly issued_token_type?: string;
  /** As they were asked for (RFC 9396 §7). */
  readonly authorization_details?: AccessTokenClaims['authorization_details'];
}

/** What the client is told of the token that it was issued. */
export function tokenResponse(
  { exchange }: Authorization,
  { access_token, claims: { exp, iat, scope, cnf, authorization_details } }: IssuedAccessToken,
): TokenResponse {
  return {
    access_token,
    ...(exchange ? { issued_token_type: exchange.issued_token_type } : {}),
    token_type: tokenTypeOf(cnf),
    expires_in: exp - iat,
    ...(scope === undefined ? {} : { scope }),
    ...(authorization_details ? { authorization_details } : {}),
  };
}

/** What the log is told of it: whose it is stands there already. */
export function recordIssued(
  record: RequestRecord,
  { grant_type }: Pick<Grant, 'grant_type'>,
  { exchange }: Authorization,
  { claims, key }: IssuedAccessToken,
): void {
  const { exp, iat, jti, aud, scope, authorization_details: details } = claims;
  record.grant_type = grant_type;
  record.resource = describeAudience(aud);
  if (scope !== undefined) record.scope = scope;
  if (details) record.authorization_details_types = details.map(({ type }) => type).join(' ');
  if (key) {
    record.alg = key.alg;
    record.kid = key.kid;
    record.key_age = Math.max(0, iat - key.signs_from);
  }
  record.jti = jti;
  if (exchange?.subject_jti !== undefined) record.subject_jti = exchange.subject_jti;
  record.expires_in = exp - iat;
}
