import type { SigningKey } from '../jose/signing-key.ts';

/** Signs with private keys that the core never sees. */
export interface Signer {
  /**
   * The JOSE signature (RFC 7515 §5.1; R‖S for ECDSA, RFC 7518 §3.4) of `signingInput` by `key` and its algorithm.
   *
   * @throws OAuthError `invalid_request` when the input is longer than the signer can sign with this algorithm
   */
  sign(key: SigningKey, signingInput: Uint8Array): Promise<Uint8Array>;
}
