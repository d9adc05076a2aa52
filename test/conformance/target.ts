import type { Alg } from '../../core/algorithms.ts';
import type { Issuer } from '../../core/issuer.ts';

/** What stands between the wire and the handlers: a node server, or one of the two kinds of API that API Gateway has. */
export type Front = 'embedded' | 'HTTP API' | 'REST API';

/** Tells whether OPTIONS gets to the handlers: the emulator's HTTP API answers it itself, as AWS's does where CORS is set up. */
export function handsOnOptions(front: Front): boolean {
  return front !== 'HTTP API';
}

/** The algorithms that a target has keys for, its default first. */
export const TARGET_ALGS: readonly Alg[] = [
  ...(['RS256', 'ES256', 'ES384', 'PS256'] as const),
  ...(['EdDSA', 'ES512', 'PS384', 'PS512', 'RS384', 'RS512'] as const),
];

/**
 * An issuer that the suite runs against, wherever it is. It has a key for each of the algorithms above, and its tokens live an
 * hour where nothing else is said.
 */
export interface ConformanceTarget extends Pick<Issuer, 'signingKeys' | 'signer'> {
  /** Its identifier, at which it also answers. */
  readonly issuer: string;
  /** Runs `signet … --json` on its store and reads the answer. */
  signet(args: readonly string[], stdin?: string): Promise<unknown>;
  /** All that it has logged so far. */
  log(): Promise<string> | string;
}
