import type { Alg } from '../jose/algorithms.ts';
import { thumbprint } from '../jose/json-web-key-thumbprint.ts';
import {
  isGone,
  isInUse,
  type KeyId,
  type KeySet,
  type SigningKey,
  type SigningKeyState,
  signingKeyState,
} from '../jose/signing-key.ts';
import { OAuthError } from '../oauth-error.ts';
import type { KeyMaterial } from '../ports/key-maker.ts';
import {
  isToBeForgotten,
  type KeySetPorts,
  keepOneInUse,
  loadToChange,
  publishedKey,
  type RotationPorts,
  replaceKeys,
  retiredFrom,
} from './key-set-change.ts';
import { untilAccepted } from './until-accepted.ts';

/** A signing key as operators see it: without what it is made of. */
export type SigningKeyDescription = Omit<SigningKey, 'public_jwk' | 'private_key_reference'> & {
  readonly state: SigningKeyState;
};

/** Describes all keys of a key set, the oldest first. */
export function describeSigningKeys(keySet: KeySet, now: number): readonly SigningKeyDescription[] {
  return keySet.keys.map((key) => {
    const { public_jwk, private_key_reference, ...description } = key;
    return { state: signingKeyState(key, keySet, now), ...description };
  });
}

/**
 * Publishes a key in the JWKS; it signs once every cache has it, or at once when no other key signs with its algorithm.
 *
 * Publishing a key that is published, or disabled, changes nothing.
 *
 * @throws OAuthError `conflict` when others keep changing the key set.
 */
export function publishSigningKey(material: KeyMaterial, ports: KeySetPorts): Promise<SigningKey> {
  const kid = thumbprint(material.public_jwk);
  const now = ports.clock();
  return untilAccepted('the key set', async () => {
    const keySet = await loadToChange(ports);
    const known = keySet.keys.find((key) => key.kid === kid && !isGone(key, now));
    if (known) return known;
    const others = keySet.keys.filter((key) => key.kid !== kid && !isToBeForgotten(key, now));
    const key = publishedKey(material, keySet, now);
    return (await replaceKeys(keySet, [...others, key], ports)) ? key : undefined;
  });
}

/**
 * Sees to it that an algorithm has a key of the key maker's in use.
 *
 * @throws OAuthError `conflict` when others keep changing the key set.
 */
export async function provideSigningKey(alg: Alg, ports: RotationPorts): Promise<void> {
  const { keys } = await ports.signingKeys.load();
  const now = ports.clock();
  if (keys.some((key) => key.alg === alg && isInUse(key, now) && ports.keyMaker.makesSuch(key))) return;
  await publishSigningKey(await ports.keyMaker.make(alg), ports);
}

/**
 * Takes a key out of use as soon as another signs with its algorithm; it leaves the JWKS when the last token that it signed has
 * expired. Retiring a retired key changes nothing.
 *
 * @throws OAuthError `not_found`; `conflict` when there is no other, or when others keep changing the key set
 */
export async function retireSigningKey(kid: KeyId, ports: KeySetPorts): Promise<void> {
  const { alg } = requireKey(kid, (await ports.signingKeys.load()).keys);
  const isMeant = (key: SigningKey) => key.kid === kid;
  await retire(alg, isMeant, ports, () => {
    throw new OAuthError(
      'conflict',
      `${kid} is the only key that signs with ${alg}: signet keys rotate has another follow it`,
    );
  });
}

/**
 * Takes keys of an algorithm out of use: as soon as another signs with it, or now when there is no other, and the algorithm goes with
 * its last key.
 *
 * @throws OAuthError `conflict` when others keep changing the key set
 */
export async function retireSigningKeys(
  alg: Alg,
  isMeant: (key: SigningKey) => boolean,
  ports: KeySetPorts,
): Promise<void> {
  await retire(alg, isMeant, ports, () => undefined);
}

async function retire(
  alg: Alg,
  isMeant: (key: SigningKey) => boolean,
  ports: KeySetPorts,
  whenNoneIsLeft: () => void,
): Promise<void> {
  const now = ports.clock();
  await untilAccepted('the key set', async () => {
    const keySet = await loadToChange(ports);
    const leaves = (key: SigningKey) => key.alg === alg && key.retired_at === undefined && isMeant(key);
    if (!keySet.keys.some(leaves)) return true;
    const stays = (key: SigningKey) => key.alg === alg && !isMeant(key);
    const kept = keepOneInUse(keySet.keys, stays, now);
    const times = kept
      .filter((key) => stays(key) && key.retired_at === undefined)
      .map((key) => key.signs_from);
    if (times.length === 0) whenNoneIsLeft();
    const retired_at = times.length === 0 ? now : Math.max(now, Math.min(...times));
    // With its last key an algorithm goes: one that was to retire later must not sign on, least of all before its time.
    const goes = (key: SigningKey) => times.length === 0 && key.alg === alg && isInUse(key, now);
    const keys = kept.map((key) => (leaves(key) || goes(key) ? retiredFrom(key, retired_at) : key));
    return (await replaceKeys(keySet, keys, ports)) || undefined;
  });
}

/**
 * Finds a key that has to be there.
 *
 * @throws OAuthError `not_found`
 */
export function requireKey(kid: KeyId, keys: readonly SigningKey[]): SigningKey {
  const key = keys.find((each) => each.kid === kid);
  if (key) return key;
  throw new OAuthError('not_found', `there is no key ${kid}: signet keys list shows those there are`);
}
