import type { Alg } from '../jose/algorithms.ts';
import type { SigningKey } from '../jose/signing-key.ts';

/** What there is of a signing key before it is published. */
export type KeyMaterial = Pick<SigningKey, 'alg' | 'public_jwk' | 'private_key_reference'>;

/** Makes new keys for an issuer that runs. */
export interface KeyMaker {
  /** Makes a key; until it is published, nothing that is kept has it. */
  make(alg: Alg): Promise<KeyMaterial>;
  /** Tells whether this key is of the kind that it makes. One of another kind is followed by one that comes otherwise. */
  makesSuch(key: SigningKey): boolean;
}
