import { type AccessTokenClaims, describeAudience } from './access-token-claims.ts';
import { certificateBinding } from './certificate-binding.ts';
import { authenticateClient } from './client-authentication/authenticate-client.ts';
import { tokenTypeOf } from './confirmation.ts';
import { confirmByProof } from './dpop-confirmation.ts';
import { chooseGrant } from './grants/choose-grant.ts';
import { bindTo } from './grants/grant.ts';
import { issueAccessToken } from './issue-access-token.ts';
import type { Issuer } from './issuer.ts';
import type { OAuthRequest } from './oauth-request.ts';
import type { ReferenceTokenWriter, TokenReader } from './ports/token-store.ts';
import type { RequestRecord } from './request-record.ts';
import { findResources, requestedResources } from './resource-indicator.ts';
import type { ResponseHeaders } from './response-headers.ts';
import { consultHook } from './token-hook.ts';

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

/**
 * The token endpoint (RFC 6749 §3.2).
 *
 * @throws OAuthError with the code that RFC 6749 §5.2, RFC 8707 §2, RFC 9396 §5 or RFC 9449 §5 has for the fault.
 */
export async function requestToken(
  request: OAuthRequest,
  issuer: Omit<Issuer, 'tokens'> & { readonly tokens: ReferenceTokenWriter & TokenReader },
  record: RequestRecord,
  headers: ResponseHeaders = {},
): Promise<TokenResponse> {
  const client = await authenticateClient(request, issuer, record);
  const grant = chooseGrant(request.parameters, client);
  const certificate = certificateBinding(request, client);
  const targets = requestedResources(request.parameters, grant.accessOf(client));
  const [resources, keySet] = await Promise.all([findResources(targets, issuer), issuer.signingKeys.load()]);
  const decided = bindTo(certificate, await grant.authorize(client, resources, request.parameters, issuer));
  const bound = bindTo(await confirmByProof(request, client, issuer, headers), decided);
  const { tokenHook } = issuer;
  const authorization = tokenHook ? await consultHook(tokenHook, bound, grant, issuer, record) : bound;
  const { access_token, claims, key } = await issueAccessToken(authorization, keySet, issuer);

  const { iat, exp, jti, aud, scope, cnf, authorization_details: details } = claims;
  const { exchange } = authorization;
  const expires_in = exp - iat;
  const granted = scope === undefined ? {} : { scope };
  Object.assign(record, {
    grant_type: grant.grant_type,
    resource: describeAudience(aud),
    ...granted,
    ...(details ? { authorization_details_types: details.map(({ type }) => type).join(' ') } : {}),
    ...(key ? { alg: key.alg, kid: key.kid } : {}),
    jti,
    ...(exchange ? { subject_jti: exchange.subject_jti } : {}),
    expires_in,
  });
  return {
    access_token,
    ...(exchange ? { issued_token_type: exchange.issued_token_type } : {}),
    token_type: tokenTypeOf(cnf),
    expires_in,
    ...granted,
    ...(details ? { authorization_details: details } : {}),
  };
}
