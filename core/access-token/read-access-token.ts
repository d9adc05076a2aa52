import type { Issuer } from '../issuer.ts';
import { decodeJwt, isSignedBy } from '../jose/jwt.ts';
import { type HeaderRefusal, refusalOfHeader } from '../jose/jwt-checks.ts';
import { type KeySet, publishedKeys } from '../jose/signing-key.ts';
import { ACCESS_TOKEN_MAX_CHARACTERS } from '../limits.ts';
import { ACCESS_TOKEN_TYP, type AccessTokenClaims, isAccessTokenClaims } from './access-token-claims.ts';

const TYPS: ReadonlySet<unknown> = new Set([ACCESS_TOKEN_TYP]);

/** Why a string is not an access token of this issuer's that is still good: the log has it, the caller never does. */
export type AccessTokenRefusal =
  | HeaderRefusal
  | 'unknown_key'
  | 'wrong_algorithm'
  | 'wrong_signature'
  | 'wrong_issuer'
  | 'unknown_token'
  | 'revoked'
  | 'expired';

/**
 * Reads an access token that this issuer made and that has not expired (RFC 9068 §4), or says why it is none.
 *
 * The key is one of ours, found by `kid`; `alg` comes from that key; `jku`, `jwk` and `x5u` are not even looked at.
 */
export function readAccessToken(
  token: string,
  keySet: KeySet,
  { identifier, clock }: Pick<Issuer, 'identifier' | 'clock'>,
): AccessTokenClaims | AccessTokenRefusal {
  if (token.length > ACCESS_TOKEN_MAX_CHARACTERS) return 'malformed';
  const jwt = decodeJwt(token);
  if (!jwt) return 'malformed';
  const refusal = refusalOfHeader(jwt, TYPS);
  if (refusal !== undefined) return refusal;
  const now = clock();
  const key = publishedKeys(keySet, now).find((candidate) => candidate.kid === jwt.header['kid']);
  if (!key) return 'unknown_key';
  if (jwt.header['alg'] !== key.alg) return 'wrong_algorithm';
  if (!isSignedBy(jwt, key)) return 'wrong_signature';
  const { claims } = jwt;
  if (!isAccessTokenClaims(claims)) return 'malformed';
  if (claims.iss !== identifier) return 'wrong_issuer';
  return now < claims.exp ? claims : 'expired';
}
