import { invalidBearerRequest } from './bearer-token.ts';

/** A request to register a client or to manage its registration, free of how it came. */
export interface RegistrationRequest {
  /** The `Authorization` header, as it was sent. */
  readonly authorization: string | undefined;
  /** The query of the request URI, decoded. */
  readonly query: ReadonlyMap<string, readonly string[]>;
  /** The body as it was sent: nothing of it is read before its sender is known. */
  readonly body: string;
}

/**
 * Refuses a token in the request URI, where logs and histories keep it (RFC 6750 §5.3).
 *
 * @throws OAuthError `invalid_request`
 */
export function requireNoTokenInUri({ query }: Pick<RegistrationRequest, 'query'>): void {
  if (!query.has('access_token')) return;
  throw invalidBearerRequest('a token is not taken from the request URI (RFC 6750 section 5.3)');
}
