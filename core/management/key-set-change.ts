import type { Clock } from '../clock.ts';
import { thumbprint } from '../jose/json-web-key-thumbprint.ts';
import { currentSigningKey, isInUse, type KeySet, type SigningKey } from '../jose/signing-key.ts';
import {
  ACCESS_TOKEN_LIFETIME_MAX_SECONDS,
  CLOCK_SKEW_SECONDS,
  DOCUMENT_MAX_AGE_SECONDS,
  SIGNING_KEY_KEPT_AFTER_SECONDS,
  STALE_IF_ERROR_MAX_SECONDS,
} from '../limits.ts';
import type { KeyMaker, KeyMaterial } from '../ports/key-maker.ts';
import type { SigningKeyStore } from '../ports/signing-key-store.ts';

/** After this long every cache of the JWKS has what changed in it: that of a JWKS function whose store does not answer, and then anyone's. */
export const IN_EVERY_CACHE_AFTER_SECONDS = STALE_IF_ERROR_MAX_SECONDS + DOCUMENT_MAX_AGE_SECONDS;

/** After this long a newly published key may sign. */
export const SIGNS_AFTER_SECONDS = IN_EVERY_CACHE_AFTER_SECONDS + CLOCK_SKEW_SECONDS;

/** After this long no token of a retired key is valid: a function may go on signing with it while it keeps the old key set. */
export const LAST_TOKEN_EXPIRED_AFTER_SECONDS =
  STALE_IF_ERROR_MAX_SECONDS + ACCESS_TOKEN_LIFETIME_MAX_SECONDS + CLOCK_SKEW_SECONDS;

/** What changing the key set takes. */
export interface KeySetPorts {
  readonly signingKeys: SigningKeyStore;
  readonly clock: Clock;
}

/** What changing it takes when keys are to be made for it. */
export type RotationPorts = KeySetPorts & { readonly keyMaker: KeyMaker };

/**
 * The key set as it is to be changed. A key may sign though its time has not come, for a clock was ahead when it was published, or the key
 * before it was removed: its time has come by now.
 */
export async function loadToChange({ signingKeys, clock }: KeySetPorts): Promise<KeySet> {
  const keySet = await signingKeys.load();
  const now = clock();
  const isEarly = (key: SigningKey) =>
    now < key.signs_from && key === currentSigningKey(keySet, key.alg, now);
  return { ...keySet, keys: keySet.keys.map((key) => (isEarly(key) ? { ...key, signs_from: now } : key)) };
}

/** Puts other keys in the place of those of a key set; `false` when another change was first. */
export function replaceKeys(
  { version }: KeySet,
  keys: readonly SigningKey[],
  { signingKeys }: KeySetPorts,
): Promise<boolean> {
  return signingKeys.replace({ version: version + 1, keys: [...keys] });
}

/** A key that is published from now on: it signs once every cache has it, or at once when nothing else signs with its algorithm. */
export function publishedKey(material: KeyMaterial, keySet: KeySet, now: number): SigningKey {
  const signs_from = currentSigningKey(keySet, material.alg, now) ? now + SIGNS_AFTER_SECONDS : now;
  return { kid: thumbprint(material.public_jwk), ...material, published_at: now, signs_from };
}

/** A key that signs until a time, and is published until the last token that it signed by then has expired. */
export function retiredFrom(key: SigningKey, retired_at: number): SigningKey {
  return { ...key, retired_at, published_until: retired_at + LAST_TOKEN_EXPIRED_AFTER_SECONDS };
}

/** Tells whether a key has left the JWKS for so long that no one's clock could still have it there. */
export function isToBeForgotten({ published_until }: SigningKey, now: number): boolean {
  return published_until !== undefined && published_until + SIGNING_KEY_KEPT_AFTER_SECONDS <= now;
}

/** Of keys that stay while others leave: when all of them are to retire, the newest is not any more, for nothing else would sign. */
export function keepOneInUse(
  keys: readonly SigningKey[],
  stays: (key: SigningKey) => boolean,
  now: number,
): readonly SigningKey[] {
  const staying = keys.filter((key) => stays(key) && isInUse(key, now));
  if (staying.some((key) => key.retired_at === undefined)) return keys;
  const newest = staying.toSorted((a, b) => a.signs_from - b.signs_from).at(-1);
  return keys.map((key) => (key === newest ? withoutEnd(key) : key));
}

function withoutEnd({ retired_at, published_until, ...key }: SigningKey): SigningKey {
  return key;
}
