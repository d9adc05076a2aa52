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
  keepOneInUse,
  LAST_TOKEN_EXPIRED_AFTER_SECONDS,
  loadToChange,
  publishedKey,
  type RotationPorts,
  replaceKeys,
  SIGNS_AFTER_SECONDS,
} from './key-set-change.ts';
import { requireKey } from './signing-keys.ts';
import { untilAccepted } from './until-accepted.ts';

/** What happens when a key is removed now. */
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
 * Tells what would happen if a key were removed now, and changes nothing.
 *
 * @throws OAuthError `not_found`
 */
export async function foreseeRemoval(kid: KeyId, ports: RotationPorts): Promise<RemovalEffects> {
  const keySet = await loadToChange(ports);
  const now = ports.clock();
  const key = requireKey(kid, keySet.keys);
  const successor = successorOf(key, withoutKey(key, keySet, now), ports);
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
export async function removeSigningKey(kid: KeyId, ports: RotationPorts): Promise<void> {
  const { keyMaker, clock } = ports;
  let material: KeyMaterial | undefined;
  await untilAccepted('the key set', async () => {
    const keySet = await loadToChange(ports);
    const key = requireKey(kid, keySet.keys);
    const rest = withoutKey(key, keySet, clock());
    const keys = [...rest.keys];
    if (successorOf(key, rest, ports) === 'new') {
      material ??= await keyMaker.make(key.alg);
      keys.push(publishedKey(material, rest, clock()));
    }
    return (await replaceKeys(keySet, keys, ports)) || undefined;
  });
}

function withoutKey(key: SigningKey, { version, keys }: KeySet, now: number): KeySet {
  const stays = (each: SigningKey) => each !== key && each.alg === key.alg;
  return { version, keys: keepOneInUse(keys, stays, now).filter((each) => each.kid !== key.kid) };
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
