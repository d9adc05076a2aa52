import * as v from 'valibot';

/** The keys whose owner alone may use a token (RFC 7800 §3.1), by their thumbprints. */
export const ConfirmationSchema = v.strictObject({
  /** Of the certificate of a mutual TLS connection (RFC 8705 §3.1). */
  'x5t#S256': v.exactOptional(v.string()),
  /** Of the key that signs DPoP proofs (RFC 9449 §6.1). */
  jkt: v.exactOptional(v.string()),
});

export type Confirmation = v.InferOutput<typeof ConfirmationSchema>;

/** How a token with this confirmation is used (RFC 6749 §7.1, RFC 9449 §7.1): one bound by certificate still as a bearer token. */
export function tokenTypeOf(confirmation: Confirmation | undefined): 'Bearer' | 'DPoP' {
  return confirmation?.jkt === undefined ? 'Bearer' : 'DPoP';
}
