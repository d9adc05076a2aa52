import type { FormParameters } from '../form.ts';
import { OAuthError } from '../oauth-error.ts';
import type { Resources } from '../resource.ts';

/** An access token, a JWT or not (RFC 8693 §3). */
const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';

/** A JWT: here an access token that is one (RFC 8693 §3). */
export const JWT_TYPE = 'urn:ietf:params:oauth:token-type:jwt';

const TOKEN_TYPES: readonly string[] = [ACCESS_TOKEN_TYPE, JWT_TYPE];

/**
 * Refuses a type of tokens that are not exchanged here.
 *
 * @throws OAuthError `invalid_request` (RFC 8693 §2.2.2)
 */
export function requireTokenType(parameter: string, type: string): void {
  if (TOKEN_TYPES.includes(type)) return;
  throw new OAuthError('invalid_request', `${parameter} is one of: ${TOKEN_TYPES.join(', ')}`);
}

/**
 * The type of token that a request asks for, which is then what it gets (RFC 8693 §2.1, §2.2.1). Who asks for a JWT wants to read it.
 *
 * @throws OAuthError `invalid_request` for other types, and for a JWT where the resources have reference tokens
 */
export function requestedTokenType(parameters: FormParameters, [resource]: Resources): string {
  const type = parameters.get('requested_token_type') ?? ACCESS_TOKEN_TYPE;
  requireTokenType('requested_token_type', type);
  if (type === ACCESS_TOKEN_TYPE || resource.access_token_format !== 'reference') return type;
  throw new OAuthError(
    'invalid_request',
    `the tokens of this resource are no JWTs: ask for ${ACCESS_TOKEN_TYPE}`,
  );
}
