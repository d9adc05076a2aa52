// Apart from the methods themselves, so that who only lists them does not have their code.

/** The client authentication methods by what stands in a request, as their registry names them (RFC 7591 §4.2). */
export const CLIENT_AUTHENTICATION_METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
] as const;

/** Those by certificate (RFC 8705 §2.1.1, §2.2.1). */
export const MUTUAL_TLS_METHODS = ['tls_client_auth', 'self_signed_tls_client_auth'] as const;

export type MutualTlsMethod = (typeof MUTUAL_TLS_METHODS)[number];

/** Tells whether a method is one by certificate. */
export function isMutualTlsMethod(name: unknown): name is MutualTlsMethod {
  return MUTUAL_TLS_METHODS.some((method) => method === name);
}
