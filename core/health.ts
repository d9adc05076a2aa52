import { requireSigningKey } from './access-token/issue-access-token.ts';
import type { Issuer } from './issuer.ts';
import { HEALTH_CHECK_SECONDS } from './limits.ts';

/** The path at which an issuer says whether it can issue tokens, behind its identifier. */
export const HEALTH_PATH = '/health';

/** Says that an issuer can issue tokens. */
export interface Health {
  readonly status: 'ok';
}

/** Kept apart by its space from all that is signed as a JWS, whose signing input has none (RFC 7515 §5.1). */
const SIGNING_INPUT = Buffer.from('health check');

/**
 * Makes the check of whether an issuer can issue tokens: it reads the key set and signs with the key of its default algorithm.
 *
 * It is anyone's to ask for, and what it found is the answer for some seconds, so that asking costs next to nothing.
 */
export function healthCheck({
  defaultAlg,
  signingKeys,
  signer,
  clock,
}: Pick<Issuer, 'defaultAlg' | 'signingKeys' | 'signer' | 'clock'>): () => Promise<Health> {
  const check = async (): Promise<Health> => {
    const key = requireSigningKey(await signingKeys.load(), defaultAlg, clock());
    await signer.sign(key, SIGNING_INPUT);
    return { status: 'ok' };
  };
  let latest: { readonly health: Promise<Health>; readonly until: number } | undefined;
  return () => {
    if (!latest || clock() >= latest.until)
      latest = { health: check(), until: clock() + HEALTH_CHECK_SECONDS };
    return latest.health;
  };
}
