import { CLOCK_SKEW_SECONDS } from '../limits.ts';
import type { DecodedJwt } from './jwt.ts';

/** Why the header of a JWT is not good. */
export type HeaderRefusal = 'wrong_type' | 'malformed';

/** Why a JWT is not good now. */
export type TimeRefusal = 'malformed' | 'expired' | 'lives_too_long' | 'not_yet_valid';

/** Checks that a JWT says of itself what it has to be (RFC 8725 §3.11), and asks for nothing that is not understood. */
export function refusalOfHeader(
  { header }: DecodedJwt,
  typs: ReadonlySet<unknown>,
): HeaderRefusal | undefined {
  if (!typs.has(header['typ'])) return 'wrong_type';
  // No extension is understood here, so none can be critical (RFC 7515 §4.1.11).
  return header['crit'] === undefined ? undefined : 'malformed';
}

/**
 * Checks the times of a JWT that somebody else's clock made (RFC 7519 §4.1.4 to §4.1.6), and that it does not live for longer than it may;
 * where it may live for ever it need not say an end.
 */
export function refusalOfTimes(
  { claims: { exp, nbf, iat } }: DecodedJwt,
  lifetimeMaxSeconds: number | undefined,
  now: number,
): TimeRefusal | undefined {
  const end = exp === undefined ? lifetimeMaxSeconds === undefined && Number.POSITIVE_INFINITY : exp;
  if (typeof end !== 'number') return 'malformed';
  if (now >= end + CLOCK_SKEW_SECONDS) return 'expired';
  if (lifetimeMaxSeconds !== undefined && end > now + lifetimeMaxSeconds + CLOCK_SKEW_SECONDS)
    return 'lives_too_long';
  for (const from of [nbf, iat]) {
    if (from === undefined) continue;
    if (typeof from !== 'number') return 'malformed';
    if (from > now + CLOCK_SKEW_SECONDS) return 'not_yet_valid';
  }
  return undefined;
}
