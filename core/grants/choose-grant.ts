import type { Client } from '../client.ts';
import { type FormParameters, requireParameter } from '../form.ts';
import { GRANT_TYPES } from '../grant-types.ts';
import { OAuthError } from '../oauth-error.ts';
import { clientCredentials } from './client-credentials.ts';
import type { Grant } from './grant.ts';
import { tokenExchange } from './token-exchange.ts';

/** A Map, because the key comes from the request: `constructor` and `__proto__` find nothing. */
const GRANTS: ReadonlyMap<string, Grant> = new Map(
  [clientCredentials, tokenExchange].map((grant) => [grant.grant_type, grant]),
);

/**
 * Chooses the grant that a token request names (RFC 6749 §4.4.2).
 *
 * @throws OAuthError `invalid_request` without a `grant_type`, `unsupported_grant_type`, or `unauthorized_client` when the
 * client is not registered for it (RFC 6749 §5.2).
 */
export function chooseGrant(parameters: FormParameters, client: Client): Grant {
  const grant_type = requireParameter(parameters, 'grant_type', 'RFC 6749 section 4.4.2');
  const grant = GRANTS.get(grant_type);
  if (!grant) {
    throw new OAuthError('unsupported_grant_type', `grant_type is one of: ${GRANT_TYPES.join(', ')}`);
  }
  if (client.grant_types.includes(grant.grant_type)) return grant;
  throw new OAuthError(
    'unauthorized_client',
    `the client is not registered for the grant ${grant.grant_type}`,
  );
}
