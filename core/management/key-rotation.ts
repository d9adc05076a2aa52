import { ALGS, type Alg } from '../jose/algorithms.ts';
import { currentSigningKey, isInUse, type KeySet, type SigningKey } from '../jose/signing-key.ts';
import { SIGNING_KEYS_MAX_PER_ALGORITHM } from '../limits.ts';
import { OAuthError } from '../oauth-error.ts';
import type { KeyMaterial } from '../ports/key-maker.ts';
import {
  isToBeForgotten,
  loadToChange,
  publishedKey,
  type RotationPorts,
  replaceKeys,
  retiredFrom,
} from './key-set-change.ts';
import { untilAccepted } from './until-accepted.ts';

/** What is to be done next to the keys of an algorithm. */
export type RotationStep =
  /** Take keys out of the key set that left the JWKS long ago. */
  | { readonly step: 'forget'; readonly keys: readonly SigningKey[] }
  /** Make a key, and publish it: it follows the one that signs when every cache has it, and that one retires then. */
  | { readonly step: 'make' }
  /** Nothing before this time: a key that is published waits to sign, or the one that signs is not old enough. */
  | { readonly step: 'wait'; readonly until: number };

/**
 * The next step in the rotation of an algorithm's keys, from what the key set says alone: whoever takes it may have crashed before, or not
 * be the only one.
 *
 * That a key begins to sign and that the one before it retires and leaves the JWKS are no steps: their times are written when it is
 * published, with the key itself.
 */
export function nextRotationStep(keySet: KeySet, alg: Alg, now: number, periodSeconds: number): RotationStep {
  const forgotten = keySet.keys.filter((key) => isToBeForgotten(key, now));
  if (forgotten.length > 0) return { step: 'forget', keys: forgotten };
  const inUse = keySet.keys.filter((key) => key.alg === alg && isInUse(key, now));
  const times = inUse.map((key) => key.signs_from);
  if (times.length === 0) return { step: 'make' };
  const newest = Math.max(...times);
  const until = now < newest ? newest : newest + periodSeconds;
  return now < until ? { step: 'wait', until } : { step: 'make' };
}

/**
 * Rotates the keys of all algorithms whose keys can be, where the one that signs has done so for the period, and tells which were made.
 *
 * @throws OAuthError `conflict` when an algorithm has too many keys, or when others keep changing the key set
 */
export async function rotateSigningKeys(
  periodSeconds: number,
  ports: RotationPorts,
): Promise<readonly SigningKey[]> {
  const made: SigningKey[] = [];
  for (const alg of rotatableAlgs(await ports.signingKeys.load(), ports)) {
    const key = await rotateSigningKey(alg, periodSeconds, ports);
    if (key) made.push(key);
  }
  return made;
}

/** The algorithms whose keys can be rotated: the key that signs is one as the key maker makes them. */
export function rotatableAlgs(keySet: KeySet, { keyMaker, clock }: RotationPorts): readonly Alg[] {
  return ALGS.filter((alg) => {
    const current = currentSigningKey(keySet, alg, clock());
    return current !== undefined && keyMaker.makesSuch(current);
  });
}

/**
 * Takes the keys of an algorithm as far in their rotation as they can go now, and tells which key was made. Where the one that signs is
 * younger than the period, or another is on its way already, none is.
 *
 * @throws OAuthError `conflict` when the algorithm has too many keys, or when others keep changing the key set
 */
export async function rotateSigningKey(
  alg: Alg,
  periodSeconds: number,
  ports: RotationPorts,
): Promise<SigningKey | undefined> {
  const { keyMaker, clock } = ports;
  let material: KeyMaterial | undefined;
  const [made] = await untilAccepted('the key set', async () => {
    const keySet = await loadToChange(ports);
    const next = nextRotationStep(keySet, alg, clock(), periodSeconds);
    if (next.step === 'wait') return [];
    if (next.step === 'forget') {
      const keys = keySet.keys.filter((key) => !next.keys.includes(key));
      await replaceKeys(keySet, keys, ports);
      return undefined;
    }
    requireRoom(alg, keySet);
    material ??= await keyMaker.make(alg, currentSigningKey(keySet, alg, clock()));
    const key = publishedKey(material, keySet, clock());
    return (await replaceKeys(keySet, followedBy(key, keySet), ports)) ? [key] : undefined;
  });
  return made;
}

/** The keys of a key set and one that follows those of its algorithm. */
function followedBy(key: SigningKey, { keys }: KeySet): readonly SigningKey[] {
  const before = keys.map((each) =>
    each.alg === key.alg && each.retired_at === undefined ? retiredFrom(each, key.signs_from) : each,
  );
  return [...before, key];
}

function requireRoom(alg: Alg, { keys }: KeySet): void {
  if (keys.filter((key) => key.alg === alg).length < SIGNING_KEYS_MAX_PER_ALGORITHM) return;
  throw new OAuthError(
    'conflict',
    `${alg} has ${SIGNING_KEYS_MAX_PER_ALGORITHM} keys already: each is gone two days after it retired`,
  );
}
