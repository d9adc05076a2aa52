import { OAuthError } from '../core/oauth-error.ts';
import type { HttpRequest } from './api-gateway.ts';

/**
 * Refuses a request whose method the endpoint does not have.
 *
 * @throws OAuthError `method_not_allowed`, listing in `Allow` those it has (RFC 9110 §15.5.6).
 */
export function requireMethod({ method }: HttpRequest, ...methods: readonly string[]): void {
  if (!methods.includes(method)) methodNotAllowed(...methods);
}

/**
 * Refuses a request whose method is none of these.
 *
 * @throws OAuthError `method_not_allowed`
 */
export function methodNotAllowed(...methods: readonly string[]): never {
  throw new OAuthError('method_not_allowed', `this endpoint takes ${methods.join(', ')}`, { allow: methods });
}
