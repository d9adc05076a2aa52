import { type KeyObject, randomUUID } from 'node:crypto';
import { compactJws, type Sign } from '../conformance/genuine-token.ts';
import { type ClientKey, signerOf } from './client-assertion.ts';

/** What a proof says, where it is not what a good one does; what is undefined is left out. */
export interface ProofChanges {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly sign?: Sign;
}

/** Makes the proof of a key for a request to a URL at a time (RFC 9449 §4.2), or anything that differs from it. */
export function dpopProof(
  key: ClientKey,
  alg: string,
  htu: string,
  iat: number,
  { header, claims, sign }: ProofChanges = {},
): Promise<string> {
  return compactJws(
    { typ: 'dpop+jwt', alg, jwk: jwkOf(key.publicKey), ...header },
    { jti: randomUUID(), htm: 'POST', htu, iat, ...claims },
    sign ?? signerOf(key, alg),
  );
}

/** A key as JWK, with the members of its type alone. */
export function jwkOf(key: KeyObject): Readonly<Record<string, unknown>> {
  return { ...key.export({ format: 'jwk' }) };
}
