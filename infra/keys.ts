import type { Construct } from 'constructs';
import * as v from 'valibot';
import type { Alg } from '../core/jose/algorithms.ts';
import { ClientSecretKey } from './client-secret-key.ts';
import { EnvelopeKeys, hasEnvelopeKeys } from './envelope-keys.ts';
import type { KeyKeeping } from './key-keeping.ts';
import { MadeKeys } from './made-keys.ts';
import { SigningKey } from './signing-key.ts';
import type { SignerKind } from './token-issuer-props.ts';

/** A key that signs in KMS, as functions are given it. */
export type KeyInKms = Pick<SigningKey, 'alg' | 'keyArn' | 'signingAlgorithm'>;

/** Keys that sign in memory, as functions are given them. */
export type KeysInMemory = Pick<EnvelopeKeys, 'algs' | 'wrappingKeyArn'>;

/** The keys of an issuer. */
export interface Keys {
  /** Those that sign in KMS. */
  readonly signingKeys: readonly KeyInKms[];
  /** Those that sign in the memory of the token function. */
  readonly envelopeKeys: KeysInMemory | undefined;
  /** The one that secrets are derived by, when clients can authenticate by `client_secret_jwt`. */
  readonly clientSecretKey: Pick<ClientSecretKey, 'keyArn'> | undefined;
  /** What keys in KMS that are made while the issuer runs have as their tag `signet:key-set`, where there can be such. */
  readonly signingKeyTag: string | undefined;
  /** Those that are published from here: all that sign, or none where that is done in another Region. */
  readonly keys: readonly (SigningKey | MadeKeys | EnvelopeKeys)[];
}

/** What the keys of an issuer follow from. */
export interface KeysProps {
  readonly signingAlgs: readonly Alg[];
  readonly signers: readonly SignerKind[];
  readonly clientSecretJwt: boolean;
  readonly throwAway: boolean;
}

/** Makes the keys of an issuer: for each algorithm one of each kind that it signs with. */
export function createKeys(
  scope: Construct,
  props: KeysProps & {
    readonly keyGeneration: number;
    readonly keySetName: string;
    readonly multiRegion: boolean;
  },
): Keys {
  const { signingAlgs, signers, clientSecretJwt, keyGeneration, keySetName, throwAway, multiRegion } = props;
  const keeping = { throwAway, multiRegion };
  const signingKeys = signers.includes('kms')
    ? signingAlgs.flatMap((alg) => createGenerations(scope, alg, keyGeneration, keeping))
    : [];
  const envelopeAlgs = signers.includes('envelope') ? signingAlgs.filter(hasEnvelopeKeys) : [];
  const envelopeKeys =
    envelopeAlgs.length > 0 ? new EnvelopeKeys(scope, 'Envelope', envelopeAlgs, keeping) : undefined;
  // One that is made while the issuer runs is in no other Region.
  const makesMore = signers.includes('kms') && !multiRegion;
  const madeKeys = makesMore ? [new MadeKeys(scope, 'Made', signingAlgs)] : [];
  return {
    signingKeys,
    envelopeKeys,
    signingKeyTag: makesMore ? keySetName : undefined,
    clientSecretKey: clientSecretJwt ? new ClientSecretKey(scope, 'ClientSecret', keeping) : undefined,
    keys: [...signingKeys, ...madeKeys, ...(envelopeKeys ? [envelopeKeys] : [])],
  };
}

/** The keys of an algorithm in KMS: the one that is to sign, after the one that does until every verifier has it. */
function createGenerations(
  scope: Construct,
  alg: Alg,
  generation: number,
  keeping: KeyKeeping,
): readonly SigningKey[] {
  const create = (each: number, follows?: SigningKey) =>
    new SigningKey(scope, each === 1 ? alg : `${alg}Generation${each}`, alg, {
      ...keeping,
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
