import type { AccessTokenClaims } from '../access-token/access-token-claims.ts';
import { findStanding, refusalByStanding } from '../access-token/access-token-standing.ts';
import { findAccessToken } from '../access-token/find-access-token.ts';
import { isReferenceToken } from '../access-token/reference-token.ts';
import { type FormParameters, requireParameter } from '../form.ts';
import { OAuthError } from '../oauth-error.ts';
import type { ResourceIdentifier } from '../resource.ts';
import type { GrantPorts } from './grant.ts';
import { JWT_TYPE, requireTokenType } from './token-type.ts';

/** What an exchange takes from the token that it is about. */
export interface SubjectToken extends Pick<AccessTokenClaims, 'sub' | 'exp' | 'act' | 'may_act' | 'scope'> {
  readonly aud: AccessTokenClaims['aud'] | readonly [];
  readonly jti?: string;
}

/** The parameter of a token exchange that a token stands in (RFC 8693 §2.1). */
type PresentedAs = 'subject_token' | 'actor_token';

/**
 * Finds out what a token says that a client wants to exchange, when it is as good as introspection would have it, and for the client
 * to present.
 *
 * @param audienceOf those of its resources as whose caller the client presents it; none, when it is not for the client to present
 * @throws OAuthError `invalid_request` for whatever is wrong with it (RFC 8693 §2.2.2)
 */
export async function findPresentedToken(
  name: PresentedAs,
  parameters: FormParameters,
  issuer: GrantPorts,
  audienceOf: (claims: AccessTokenClaims) => readonly ResourceIdentifier[],
): Promise<AccessTokenClaims> {
  const token = requireParameter(parameters, name, 'RFC 8693 section 2.1');
  const type = requireTypeOf(name, parameters);
  if (type === JWT_TYPE && isReferenceToken(token)) throw refusedToken(name, 'no_jwt');
  const claims = await findAccessToken(token, issuer);
  if (typeof claims === 'string') throw refusedToken(name, claims);
  const audience = audienceOf(claims);
  if (audience.length === 0) throw refusedToken(name, 'not_for_client');
  const standing = await findStanding(token, claims, issuer);
  const resources = standing.resources.filter(({ resource }) => audience.includes(resource));
  const refusal = refusalByStanding(claims, standing, resources);
  if (refusal !== undefined) throw refusedToken(name, refusal);
  // Whoever presents it did not show that it has the key.
  if (claims.cnf) throw refusedToken(name, 'bound');
  // It may have expired since it was read: a token that is got for it would have no time to live.
  if (claims.exp <= issuer.clock()) throw refusedToken(name, 'expired');
  return claims;
}

/**
 * The type that the client says its token is of.
 *
 * @throws OAuthError `invalid_request` without one, and for a type of tokens that are not exchanged here (RFC 8693 §2.1)
 */
export function requireTypeOf(name: PresentedAs, parameters: FormParameters): string {
  const type = requireParameter(parameters, `${name}_type`, 'RFC 8693 section 2.1');
  requireTokenType(`${name}_type`, type);
  return type;
}

/** Refuses a token as every other, so that no client can probe those that are not for it: the log has the reason. */
export function refusedToken(name: PresentedAs, reason: string, cause?: unknown): OAuthError {
  return new OAuthError(
    'invalid_request',
    `the ${name} is none that the client may exchange (RFC 8693 section 2.2.2)`,
    { reason: `${name}_${reason}`, cause },
  );
}
