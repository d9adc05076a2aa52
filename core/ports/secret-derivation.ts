/** Derives secrets from a key that nobody sees, so that none of them has to be kept. */
export interface SecretDerivation {
  /** 64 bytes, for one name always the same: they tell nothing of the key, nor of those for any other name. */
  derive(name: string): Promise<Uint8Array>;
}
