import { findAccessToken } from './access-token/find-access-token.ts';
import { authenticateClient } from './client-authentication/authenticate-client.ts';
import type { ClientAuthenticationPorts } from './client-authentication/method.ts';
import { requireParameter } from './form.ts';
import type { Issuer } from './issuer.ts';
import { OAuthError } from './oauth-error.ts';
import type { OAuthRequest } from './oauth-request.ts';
import type { RequestRecord } from './request-record.ts';

/**
 * The revocation endpoint (RFC 7009 §2): from then on introspection calls the token inactive.
 *
 * A string that is no token, or an expired one, is revoked already (§2.2).
 *
 * @throws OAuthError `invalid_client`, `invalid_request` without a token, `unauthorized_client` for another client's (§2.1).
 */
export async function revoke(
  request: OAuthRequest,
  issuer: ClientAuthenticationPorts & Pick<Issuer, 'signingKeys' | 'tokens'>,
  record: RequestRecord,
): Promise<undefined> {
  const client = await authenticateClient(request, issuer, record);
  const token = requireParameter(request.parameters, 'token', 'RFC 7009 section 2.1');
  const claims = await findAccessToken(token, issuer);
  if (typeof claims === 'string') {
    record.reason = claims;
    return;
  }
  if (claims.client_id !== client.client_id) {
    throw new OAuthError(
      'unauthorized_client',
      'the token was issued to another client (RFC 7009 section 2.1)',
    );
  }
  await issuer.tokens.revoke(claims.jti, claims.exp);
  record.jti = claims.jti;
}
