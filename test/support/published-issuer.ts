import type { JsonObject } from '../../core/json-object.ts';

/** Publishes what others read of an issuer: its discovery document, and there its keys. */
export function publishIssuer(
  published: Map<string, JsonObject>,
  issuer: string,
  keys: readonly object[],
): void {
  const jwks_uri = `${issuer}/jwks`;
  published.set(`${issuer}/.well-known/openid-configuration`, { issuer, jwks_uri });
  published.set(jwks_uri, { keys });
}
