import * as v from 'valibot';
import { ALGS, type Alg } from './algorithms.ts';

/** A public key as a JWK (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2, RFC 9964): these members and no other, so that no private one can be kept. */
export const PublicJwkSchema = v.variant('kty', [
  v.strictObject({ kty: v.literal('RSA'), n: v.string(), e: v.string() }),
  v.strictObject({ kty: v.literal('EC'), crv: v.string(), x: v.string(), y: v.string() }),
  v.strictObject({ kty: v.literal('OKP'), crv: v.string(), x: v.string() }),
  v.strictObject({ kty: v.literal('AKP'), alg: v.string(), pub: v.string() }),
]);

export type PublicJwk = v.InferOutput<typeof PublicJwkSchema>;

/** A signing key's identifier: its RFC 7638 thumbprint. */
export const KeyIdSchema = v.pipe(v.string(), v.brand('KeyId'));

export type KeyId = v.InferOutput<typeof KeyIdSchema>;

/**
 * A signing key without its private half. Its state follows from its times (seconds since the epoch) alone:
 * published from `published_at`, signing from `signs_from` until a newer key of its algorithm does, gone at `published_until`.
 */
const SigningKeySchema = v.strictObject({
  kid: KeyIdSchema,
  alg: v.picklist(ALGS),
  public_jwk: PublicJwkSchema,
  /** Where the signer finds the private half: a KMS key's ARN, or the kid in the embedded store. */
  private_key_reference: v.string(),
  published_at: v.number(),
  signs_from: v.number(),
  /** Set when the key is to retire, which may be before it does: it signs no more from then on. */
  retired_at: v.exactOptional(v.number()),
  /** Set together with it: no token that it signed is valid any more by then. */
  published_until: v.exactOptional(v.number()),
  /** Set when it was disabled, and so retired then: it is out of the JWKS until it is enabled again. */
  disabled_at: v.exactOptional(v.number()),
});

export type SigningKey = v.InferOutput<typeof SigningKeySchema>;

/** All signing keys of an issuer, in the order in which they were published: one document, replaced as a whole. */
export const KeySetSchema = v.strictObject({ version: v.number(), keys: v.array(SigningKeySchema) });

export type KeySet = v.InferOutput<typeof KeySetSchema>;

/** The key set before the first key. */
export const EMPTY_KEY_SET: KeySet = { version: 0, keys: [] };

/** The keys that belong in the JWKS now: pending, signing and retired ones. */
export function publishedKeys(keySet: KeySet, now: number): readonly SigningKey[] {
  return keySet.keys.filter((key) => key.disabled_at === undefined && !isGone(key, now));
}

/** Tells whether a key is neither retired nor disabled: it signs, will, or would if newer ones were gone. */
export function isInUse({ retired_at, disabled_at }: SigningKey, now: number): boolean {
  return disabled_at === undefined && (retired_at === undefined || now < retired_at);
}

/**
 * The key that signs with `alg` now: of those whose time has come and is not over, the newest.
 *
 * Where none's time has come, the one that was published first signs all the same: nothing else could, be it that a clock was set back
 * or that the key before it had to go at once.
 */
export function currentSigningKey({ keys }: KeySet, alg: Alg, now: number): SigningKey | undefined {
  const inUse = keys.filter((key) => key.alg === alg && isInUse(key, now));
  let newest: SigningKey | undefined;
  for (const key of inUse) {
    if (key.signs_from <= now && (newest === undefined || key.signs_from > newest.signs_from)) newest = key;
  }
  return newest ?? inUse.find((key) => key.retired_at === undefined || key.signs_from < key.retired_at);
}

/**
 * Where a key is in its life: `pending` (published, to sign later), `active` (it signs), `superseded` (a newer key signs, and it is not
 * retired), `retired` (published for as long as tokens of it are valid), `disabled` (the same, but for that it is not published), `gone`
 * (from the JWKS).
 */
export type SigningKeyState = 'pending' | 'active' | 'superseded' | 'retired' | 'disabled' | 'gone';

/** The state of a key of a key set. */
export function signingKeyState(key: SigningKey, keySet: KeySet, now: number): SigningKeyState {
  if (isGone(key, now)) return 'gone';
  if (key.disabled_at !== undefined) return 'disabled';
  if (key === currentSigningKey(keySet, key.alg, now)) return 'active';
  if (!isInUse(key, now)) return 'retired';
  return now < key.signs_from ? 'pending' : 'superseded';
}

/** Tells whether no token that a key signed is valid any more. */
export function isGone({ published_until }: SigningKey, now: number): boolean {
  return published_until !== undefined && published_until <= now;
}
