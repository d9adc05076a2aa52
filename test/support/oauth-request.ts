import { parseForm } from '../../core/form.ts';
import type { OAuthRequest } from '../../core/oauth-request.ts';

/** A request as the endpoints of the core get it: what it authenticates with, its form, and its DPoP header. */
export function oauthRequest(
  authorization: string | undefined,
  form: Readonly<Record<string, string>> = {},
  dpop?: string,
): OAuthRequest {
  return {
    authorization,
    dpop,
    queryNames: new Set(),
    parameters: parseForm(new URLSearchParams(form).toString()),
  };
}

/** An `Authorization` header that shows an id and a secret as they stand (RFC 7617). */
export function basic(client_id: string, client_secret: string): string {
  return `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`;
}
