import type { Issuer } from '../../core/issuer.ts';
import type { Alg } from '../../core/jose/algorithms.ts';

/** What stands between the wire and the handlers: a node server, or one of the two kinds of API that API Gateway has. */
export type Front = 'embedded' | 'HTTP API' | 'REST API';

/** Tells whether OPTIONS gets to the handlers: the emulator's HTTP API answers it itself, as AWS's does where CORS is set up. */
export function handsOnOptions(front: Front): boolean {
  return front !== 'HTTP API';
}

/** The algorithms that the emulator's KMS has keys for: a deployed target has these, its default first. */
export const DEPLOYED_ALGS: readonly Alg[] = [
  ...(['RS256', 'ES256', 'ES384', 'PS256'] as const),
  ...(['EdDSA', 'ES512', 'PS384', 'PS512', 'RS384', 'RS512'] as const),
];

/** All of them, which the embedded target has. */
export const EMBEDDED_ALGS: readonly Alg[] = [...DEPLOYED_ALGS, 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'];

/** The algorithms of the target behind this front. */
export function algsOf(front: Front): readonly Alg[] {
  return front === 'embedded' ? EMBEDDED_ALGS : DEPLOYED_ALGS;
}

/**
 * An issuer that the suite runs against, wherever it is. Its tokens live an hour where nothing else is said.
 */
export interface ConformanceTarget extends Pick<Issuer, 'signingKeys' | 'signer'> {
  /** The algorithms that it has keys for, its default first. */
  readonly algs: readonly Alg[];
  /** Its identifier, at which it also answers. */
  readonly issuer: string;
  /** Runs `signet … --json` on its store and reads the answer. */
  signet(args: readonly string[], stdin?: string): Promise<unknown>;
  /** All that it has logged so far. */
  log(): Promise<string> | string;
}
