import { issueAccessToken } from './access-token/issue-access-token.ts';
import { authenticateClient } from './client-authentication/authenticate-client.ts';
import { confirmByProof } from './dpop/dpop-confirmation.ts';
import { chooseGrant } from './grants/choose-grant.ts';
import { bindTo } from './grants/grant.ts';
import type { Issuer } from './issuer.ts';
import { certificateBinding } from './mutual-tls/certificate-binding.ts';
import type { OAuthRequest } from './oauth-request.ts';
import type { ReferenceTokenWriter, TokenReader } from './ports/token-store.ts';
import type { RequestRecord } from './request-record.ts';
import { findResources, requestedResources } from './resource-indicator.ts';
import type { ResponseHeaders } from './response-headers.ts';
import { consultHook } from './token-hook.ts';
import { recordIssued, type TokenResponse, tokenResponse } from './token-response.ts';

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
  const issued = await issueAccessToken(authorization, keySet, issuer);
  recordIssued(record, grant, authorization, issued);
  return tokenResponse(authorization, issued);
}
