import { createHmac, type KeyObject } from 'node:crypto';
import { compactJws, type Sign } from '../conformance/genuine-token.ts';
import type { Assertion } from './client-assertion.ts';

/** The algorithms of assertions that have a MAC (RFC 7518 §3.2). */
export const MAC_ALGS = ['HS256', 'HS384', 'HS512'] as const;

/** Keys a MAC with a secret, or with anything else that one could be tried with. */
export function macBy(key: string | Uint8Array | KeyObject, alg = 'HS256'): Sign {
  return (signingInput) =>
    createHmac(`sha${alg.slice(2)}`, key)
      .update(signingInput)
      .digest();
}

/** Makes an assertion as a client does that has a secret, or anything that differs from it. */
export function macAssertion(secret: string, alg: string, { header, claims, sign }: Assertion) {
  return compactJws({ alg, ...header }, claims, sign ?? macBy(secret, alg));
}
