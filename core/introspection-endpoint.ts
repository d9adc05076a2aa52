import { type AccessTokenClaims, describeAudience } from './access-token/access-token-claims.ts';
import { findStanding, refusalByStanding } from './access-token/access-token-standing.ts';
import { tokenTypeOf } from './access-token/confirmation.ts';
import { findAccessToken } from './access-token/find-access-token.ts';
import type { Client } from './client.ts';
import { authenticateClient } from './client-authentication/authenticate-client.ts';
import type { ClientAuthenticationPorts } from './client-authentication/method.ts';
import { requireParameter } from './form.ts';
import type { Issuer } from './issuer.ts';
import type { OAuthRequest } from './oauth-request.ts';
import type { RequestRecord } from './request-record.ts';

/** An introspection response (RFC 7662 §2.2): the token's claims, or nothing but that it is not active. */
export type IntrospectionResponse =
  | { readonly active: false }
  | (AccessTokenClaims & { readonly active: true; readonly token_type: ReturnType<typeof tokenTypeOf> });

/** What introspection takes of an issuer. */
export type IntrospectionPorts = ClientAuthenticationPorts &
  Pick<Issuer, 'resources' | 'signingKeys' | 'tokens'>;

/**
 * The introspection endpoint (RFC 7662 §2).
 *
 * @throws OAuthError `invalid_client` when the caller is not authenticated, `invalid_request` without a token.
 */
export async function introspect(
  request: OAuthRequest,
  issuer: IntrospectionPorts,
  record: RequestRecord,
): Promise<IntrospectionResponse> {
  return introspectFor(await authenticateClient(request, issuer, record), request, issuer, record);
}

/**
 * What a caller that is authenticated is told of a token.
 *
 * @throws OAuthError `invalid_request` without a token.
 */
export async function introspectFor(
  caller: Client,
  request: OAuthRequest,
  issuer: IntrospectionPorts,
  record: RequestRecord,
): Promise<IntrospectionResponse> {
  const token = requireParameter(request.parameters, 'token', 'RFC 7662 section 2.1');
  const claims = await findAccessToken(token, issuer);
  const refusal =
    typeof claims === 'string' ? claims : await refusalToDisclose(token, claims, caller, issuer);
  record.active = refusal === undefined;
  if (typeof claims === 'string' || refusal !== undefined) {
    if (refusal !== undefined) record.reason = refusal;
    return { active: false };
  }
  record.jti = claims.jti;
  record.resource = describeAudience(claims.aud);
  return { ...claims, active: true, token_type: tokenTypeOf(claims.cnf) };
}

/** Why a good token is not active for this caller: one answer to all, so that no caller can probe what it may not see (RFC 7662 §4). */
async function refusalToDisclose(
  token: string,
  claims: AccessTokenClaims,
  caller: Client,
  issuer: IntrospectionPorts,
): Promise<string | undefined> {
  const standing = await findStanding(token, claims, issuer);
  const ofCaller = standing.resources.filter(({ introspection_client_ids }) =>
    introspection_client_ids.includes(caller.client_id),
  );
  return ofCaller.length > 0 ? refusalByStanding(claims, standing, ofCaller) : 'caller_may_not_introspect';
}
