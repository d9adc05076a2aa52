import {
  currentSigningKey,
  isInUse,
  type KeyId,
  type KeySet,
  type SigningKey,
  type SigningKeyState,
  signingKeyState,
} from '../jose/signing-key.ts';
import type { KeyMaterial } from '../ports/key-maker.ts';
import {
  IN_EVERY_CACHE_AFTER_SECONDS,
  type KeySetPorts,
  keepOneInUse,
  LAST_TOKEN_EXPIRED_AFTER_SECONDS,
  loadToChange,
  publishedKey,
  type RotationPorts,
  replaceKeys,
  retiredFrom,
  SIGNS_AFTER_SECONDS,
} from './key-set-change.ts';
import { requireKey } from './signing-keys.ts';
import { untilAccepted } from './until-accepted.ts';

/** What happens when a key is removed or disabled now. */
export interface RemovalEffects {
  readonly kid: KeyId;
  readonly alg: SigningKey['alg'];
  readonly state: SigningKeyState;
  /** Until when tokens that it signed, and which are refused now, would have been good. */
  readonly tokens_until: number;
  /** Until when those who keep the JWKS for as long as they are told accept its tokens all the same, and may not know a new key. */
  readonly caches_until: number;
  /** What signs with its algorithm from then on: another key, one that is made for that, or nothing. */
  readonly successor: SigningKey | 'new' | undefined;
  /** Whether each verifier has that key by now. */
  readonly is_successor_known: boolean;
}

/**
 * Tells what would happen if a key were removed or disabled now, and changes nothing.
 *
 * @throws OAuthError `not_found`
 */
export async function foreseeRemoval(kid: KeyId, ports: RotationPorts): Promise<RemovalEffects> {
  const keySet = await loadToChange(ports);
  const now = ports.clock();
  const key = requireKey(kid, keySet.keys);
  const successor = successorOf(key, putInPlace(key, [], keySet, now), ports);
  return {
    kid,
    alg: key.alg,
    state: signingKeyState(key, keySet, now),
    tokens_until: key.published_until ?? now + LAST_TOKEN_EXPIRED_AFTER_SECONDS,
    caches_until: now + IN_EVERY_CACHE_AFTER_SECONDS,
    successor,
    is_successor_known: typeof successor === 'object' && successor.published_at + SIGNS_AFTER_SECONDS <= now,
  };
}

/**
 * Takes a key out of the JWKS and out of use at once, as when others can sign with it too. When no other key signs with its algorithm, one
 * is made that does, in the same change.
 *
 * @throws OAuthError `not_found`; `conflict` when others keep changing the key set
 */
export function removeSigningKey(kid: KeyId, ports: RotationPorts): Promise<void> {
  return takeOut(kid, () => [], ports);
}

/**
 * Does the same, but for that the key can be enabled again for as long as tokens of it would be valid: as when it is not known yet
 * whether others can sign with it. Disabling a disabled key changes nothing.
 *
 * @throws OAuthError `not_found`; `conflict` when others keep changing the key set
 */
export function disableSigningKey(kid: KeyId, ports: RotationPorts): Promise<void> {
  return takeOut(kid, (key, now) => [disabled(key, now)], ports);
}

/**
 * Takes a disabled key back into the JWKS, so that its tokens are good again. It signs no more: another does since. Enabling any other key
 * changes nothing.
 *
 * @throws OAuthError `not_found`; `conflict` when others keep changing the key set
 */
export async function enableSigningKey(kid: KeyId, ports: KeySetPorts): Promise<void> {
  await untilAccepted('the key set', async () => {
    const keySet = await loadToChange(ports);
    const { disabled_at, ...enabled } = requireKey(kid, keySet.keys);
    if (disabled_at === undefined) return true;
    const keys = keySet.keys.map((key) => (key.kid === kid ? enabled : key));
    return (await replaceKeys(keySet, keys, ports)) || undefined;
  });
}

async function takeOut(
  kid: KeyId,
  leave: (key: SigningKey, now: number) => readonly SigningKey[],
  ports: RotationPorts,
): Promise<void> {
  const { keyMaker, clock } = ports;
  let material: KeyMaterial | undefined;
  await untilAccepted('the key set', async () => {
    const keySet = await loadToChange(ports);
    const key = requireKey(kid, keySet.keys);
    const rest = putInPlace(key, leave(key, clock()), keySet, clock());
    const keys = [...rest.keys];
    if (successorOf(key, rest, ports) === 'new') {
      material ??= await keyMaker.make(key.alg, key);
      keys.push(publishedKey(material, rest, clock()));
    }
    return (await replaceKeys(keySet, keys, ports)) || undefined;
  });
}

/** A key set with what is left of a key in its place, which signs no more. */
function putInPlace(
  key: SigningKey,
  left: readonly SigningKey[],
  { version, keys }: KeySet,
  now: number,
): KeySet {
  const stays = (each: SigningKey) => each !== key && each.alg === key.alg;
  return {
    version,
    keys: keepOneInUse(keys, stays, now).flatMap((each) => (each.kid === key.kid ? left : [each])),
  };
}

function disabled(key: SigningKey, now: number): SigningKey {
  return { disabled_at: now, ...(isInUse(key, now) ? retiredFrom(key, now) : key) };
}

function successorOf(
  key: SigningKey,
  rest: KeySet,
  { keyMaker, clock }: RotationPorts,
): RemovalEffects['successor'] {
  const current = currentSigningKey(rest, key.alg, clock());
  if (current) return current;
  return isInUse(key, clock()) && keyMaker.makesSuch(key) ? 'new' : undefined;
}
