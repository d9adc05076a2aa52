import type { Alg } from '../jose/algorithms.ts';
import type { SigningKey } from '../jose/signing-key.ts';

/** What there is of a signing key before it is published. */
export type KeyMaterial = Pick<SigningKey, 'alg' | 'public_jwk' | 'private_key_reference'>;

/** Makes new keys for an issuer that runs. */
export interface KeyMaker {
  /**
   * Makes a key, of the kind of another that it is to follow, if there is one; until it is published, no key set has it, and its private
   * half is nowhere but where `MadeKeys` tells of it.
   */
  make(alg: Alg, like?: SigningKey): Promise<KeyMaterial>;
  /** Tells whether this key is of a kind that it makes. One of another kind is followed by one that comes otherwise. */
  makesSuch(key: SigningKey): boolean;
}
