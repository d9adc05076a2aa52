/** The client authentication methods by certificate (RFC 8705 §2.1.1, §2.2.1). */
export const MUTUAL_TLS_METHODS = ['tls_client_auth', 'self_signed_tls_client_auth'] as const;

export type MutualTlsMethod = (typeof MUTUAL_TLS_METHODS)[number];

/** Tells whether a method is one by certificate. */
export function isMutualTlsMethod(name: unknown): name is MutualTlsMethod {
  return MUTUAL_TLS_METHODS.some((method) => method === name);
}
