import type { Construct } from 'constructs';
import * as v from 'valibot';
import type { Alg } from '../core/jose/algorithms.ts';
import { EnvelopeKeys, hasEnvelopeKeys } from './envelope-keys.ts';
import { MadeKeys } from './made-keys.ts';
import { SigningKey } from './signing-key.ts';
import type { SignerKind } from './token-issuer-props.ts';

/** The keys of an issuer. */
export interface Keys {
  /** Those that sign in KMS. */
  readonly signingKeys: readonly SigningKey[];
  /** Those that sign in the memory of the token function. */
  readonly envelopeKeys: EnvelopeKeys | undefined;
  /** All of them. */
  readonly keys: readonly (SigningKey | MadeKeys | EnvelopeKeys)[];
}

/** Makes the keys of an issuer: for each algorithm one of each kind that it signs with. */
export function createKeys(
  scope: Construct,
  {
    signingAlgs,
    signers,
    keyGeneration,
    throwAway,
  }: {
    readonly signingAlgs: readonly Alg[];
    readonly signers: readonly SignerKind[];
    readonly keyGeneration: number;
    readonly throwAway: boolean;
  },
): Keys {
  const signingKeys = signers.includes('kms')
    ? signingAlgs.flatMap((alg) => createGenerations(scope, alg, keyGeneration, { throwAway }))
    : [];
  const envelopeAlgs = signers.includes('envelope') ? signingAlgs.filter(hasEnvelopeKeys) : [];
  const envelopeKeys =
    envelopeAlgs.length > 0 ? new EnvelopeKeys(scope, 'Envelope', envelopeAlgs, { throwAway }) : undefined;
  const madeKeys = signers.includes('kms') ? [new MadeKeys(scope, 'Made', signingAlgs)] : [];
  return {
    signingKeys,
    envelopeKeys,
    keys: [...signingKeys, ...madeKeys, ...(envelopeKeys ? [envelopeKeys] : [])],
  };
}

/** The keys of an algorithm in KMS: the one that is to sign, after the one that does until every verifier has it. */
function createGenerations(
  scope: Construct,
  alg: Alg,
  generation: number,
  props: { readonly throwAway: boolean },
): readonly SigningKey[] {
  const create = (each: number, follows?: SigningKey) =>
    new SigningKey(scope, each === 1 ? alg : `${alg}Generation${each}`, alg, {
      ...props,
      ...(follows ? { follows } : {}),
    });
  if (generation === 1) return [create(1)];
  const before = create(generation - 1);
  return [before, create(generation, before)];
}

/** What the signers of an issuer with these algorithms can be: KMS alone signs with what it makes no key pairs for. */
export function signersOf(signingAlgs: readonly Alg[]) {
  const alg = signingAlgs.find((candidate) => !hasEnvelopeKeys(candidate));
  return v.pipe(
    v.array(v.string()),
    v.check(
      (signers) => alg === undefined || signers.includes('kms'),
      `${alg} signs in KMS only: write kms,envelope, or leave it out of the algorithms`,
    ),
  );
}
