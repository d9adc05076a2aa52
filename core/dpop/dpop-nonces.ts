import { requireSigningKey } from '../access-token/issue-access-token.ts';
import type { Issuer } from '../issuer.ts';
import { isSignedBy } from '../jose/jwt.ts';
import { publishedKeys } from '../jose/signing-key.ts';
import { DPOP_NONCE_PERIOD_SECONDS, DPOP_NONCE_PERIODS } from '../limits.ts';

/** The nonces that an issuer wants in proofs (RFC 9449 §8). */
export interface DpopNonces {
  /** The nonce of now, the same for all clients. */
  current(): Promise<string>;
  /** Tells whether a nonce was given by this issuer, and not too long ago. */
  accepts(nonce: unknown): Promise<boolean>;
}

type NoncePorts = Pick<Issuer, 'identifier' | 'defaultAlg' | 'signingKeys' | 'signer' | 'clock'>;

/**
 * Makes the nonces of an issuer: the time, signed with the key of its default algorithm. So nobody can know one before its time, and
 * any process of the issuer knows those of the others without a store or a secret of their own.
 *
 * One signature is made a period, whoever asks. A nonce of the last periods is still good, so that clients learn the new one before
 * theirs ends.
 */
export function createDpopNonces({
  identifier,
  defaultAlg,
  signingKeys,
  signer,
  clock,
}: NoncePorts): DpopNonces {
  // The spaces keep it apart from all that is signed as a JWS, whose signing input has none (RFC 7515 §5.1).
  const signingInputOf = (period: number) => `DPoP nonce of ${identifier} for period ${period}`;
  const make = async (period: number) => {
    const key = requireSigningKey(await signingKeys.load(), defaultAlg, clock());
    const signature = await signer.sign(key, Buffer.from(signingInputOf(period)));
    return writeNonce(period, signature);
  };
  const currentPeriod = () => Math.floor(clock() / DPOP_NONCE_PERIOD_SECONDS);

  let latest: { readonly period: number; readonly nonce: Promise<string> } | undefined;
  return {
    current() {
      const period = currentPeriod();
      if (latest?.period === period) return latest.nonce;
      const nonce = make(period).catch((error: unknown) => {
        latest = undefined;
        throw error;
      });
      latest = { period, nonce };
      return nonce;
    },
    async accepts(nonce) {
      const [, digits, encoded = ''] =
        /^(\d{1,15})\.([\w-]+)$/.exec(typeof nonce === 'string' ? nonce : '') ?? [];
      const period = Number(digits);
      // Another process's clock may be in the next period already; NaN is in none.
      const age = currentPeriod() - period;
      if (!(age >= -1 && age < DPOP_NONCE_PERIODS)) return false;
      const signature = Buffer.from(encoded, 'base64url');
      // Only its one spelling counts, as with JWTs.
      if (nonce !== writeNonce(period, signature)) return false;
      const signed = { signingInput: signingInputOf(period), signature };
      return publishedKeys(await signingKeys.load(), clock())
        .filter((key) => key.alg === defaultAlg)
        .some((key) => isSignedBy(signed, key));
    },
  };
}

/** Gives an issuer nonces, when it is to want some in proofs. */
export function withDpopNonces<T extends NoncePorts>(
  issuer: T,
  areWanted = false,
): T & Pick<Issuer, 'dpopNonces'> {
  return areWanted ? { ...issuer, dpopNonces: createDpopNonces(issuer) } : issuer;
}

function writeNonce(period: number, signature: Uint8Array): string {
  return `${period}.${Buffer.from(signature).toString('base64url')}`;
}
