/** The MAC algorithms of client assertions (RFC 7518 §3.2) by their digests; apart from those that sign, so that no public key keys a MAC. */
const DIGESTS: ReadonlyMap<unknown, string> = new Map([
  ['HS256', 'sha256'],
  ['HS384', 'sha384'],
  ['HS512', 'sha512'],
]);

/** Their names, as the metadata lists them (RFC 8414 §2). */
export const MAC_ALGS = [...DIGESTS.keys()].map(String);

/** The digest of a MAC algorithm, as node:crypto names it; undefined for any other algorithm. */
export function macDigest(alg: unknown): string | undefined {
  return DIGESTS.get(alg);
}
