import { requireSigningKey } from './access-token/issue-access-token.ts';
import type { Client } from './client.ts';
import { authenticateClient } from './client-authentication/authenticate-client.ts';
import { type IntrospectionPorts, introspectFor } from './introspection-endpoint.ts';
import type { Issuer } from './issuer.ts';
import type { Alg } from './jose/algorithms.ts';
import { signJwt } from './jose/jwt.ts';
import { currentSigningKey, type KeySet } from './jose/signing-key.ts';
import type { OAuthRequest } from './oauth-request.ts';
import type { RequestRecord } from './request-record.ts';

/** The `typ` of an introspection response that is signed (RFC 9701 §5): it can pass for no other JWT, nor another for it. */
const INTROSPECTION_TYP = 'token-introspection+jwt';

/** What callers ask for that want the response signed, and get (RFC 9701 §4, §5). */
export const SIGNED_INTROSPECTION_MEDIA_TYPE = `application/${INTROSPECTION_TYP}`;

/**
 * The introspection endpoint for callers that want proof of what it said: the same response, as a JWT for that caller alone.
 *
 * It has neither `sub` nor `exp` of its own, without which it is no access token (RFC 9701 §5).
 *
 * @throws OAuthError as `introspect` does; `server_error` when the issuer has no key of the algorithm that the caller registered
 */
export async function introspectSigned(
  request: OAuthRequest,
  issuer: IntrospectionPorts & Pick<Issuer, 'signer' | 'defaultAlg'>,
  record: RequestRecord,
): Promise<string> {
  const caller = await authenticateClient(request, issuer, record);
  const token_introspection = await introspectFor(caller, request, issuer, record);
  const iat = issuer.clock();
  const keySet = await issuer.signingKeys.load();
  const key = requireSigningKey(keySet, algFor(caller, keySet, issuer.defaultAlg, iat), iat);
  Object.assign(record, { alg: key.alg, kid: key.kid });
  const claims = { iss: issuer.identifier, aud: caller.client_id, iat, token_introspection };
  return signJwt(INTROSPECTION_TYP, claims, key, issuer.signer);
}

/** RS256 where nothing else is registered (RFC 9701 §6), unless the issuer has no such key. */
function algFor(
  { introspection_signed_response_alg }: Client,
  keySet: KeySet,
  defaultAlg: Alg,
  now: number,
): Alg {
  return (
    introspection_signed_response_alg ?? (currentSigningKey(keySet, 'RS256', now) ? 'RS256' : defaultAlg)
  );
}
