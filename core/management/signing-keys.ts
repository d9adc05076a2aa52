import { thumbprint } from '../json-web-key-thumbprint.ts';
import {
  ACCESS_TOKEN_LIFETIME_MAX_SECONDS,
  CLOCK_SKEW_SECONDS,
  DOCUMENT_MAX_AGE_SECONDS,
  KEY_SET_MAX_AGE_SECONDS,
} from '../limits.ts';
import { OAuthError } from '../oauth-error.ts';
import type { SigningKeyStore } from '../ports/signing-key-store.ts';
import {
  currentSigningKey,
  type KeyId,
  type KeySet,
  publishedKeys,
  type SigningKey,
} from '../signing-key.ts';
import type { ManagementPorts } from './ports.ts';
import { untilAccepted } from './until-accepted.ts';

/** After this long every cache of the JWKS has a newly published key: the JWKS function's own, and then anyone's. */
const PUBLISHED_EVERYWHERE_AFTER_SECONDS =
  KEY_SET_MAX_AGE_SECONDS + DOCUMENT_MAX_AGE_SECONDS + CLOCK_SKEW_SECONDS;

/** After this long no token of a retired key is valid: a function may go on signing with it while it keeps the old key set. */
const LAST_TOKEN_EXPIRED_AFTER_SECONDS =
  KEY_SET_MAX_AGE_SECONDS + ACCESS_TOKEN_LIFETIME_MAX_SECONDS + CLOCK_SKEW_SECONDS;

type Ports = Pick<ManagementPorts, 'signingKeys' | 'clock'>;

/**
 * Publishes a key in the JWKS; it signs once every cache has it, or at once when no other key signs with its algorithm.
 *
 * Publishing a key that is published changes nothing.
 *
 * @throws OAuthError `conflict` when others keep changing the key set.
 */
export function publishSigningKey(
  {
    alg,
    public_jwk,
    private_key_reference,
  }: Pick<SigningKey, 'alg' | 'public_jwk' | 'private_key_reference'>,
  { signingKeys, clock }: Ports,
): Promise<SigningKey> {
  const kid = thumbprint(public_jwk);
  const now = clock();
  return untilAccepted('the key set', async () => {
    const keySet = await signingKeys.load();
    const published = publishedKeys(keySet, now);
    const known = published.find((key) => key.kid === kid);
    if (known) return known;
    const signs_from = currentSigningKey(keySet, alg, now) ? now + PUBLISHED_EVERYWHERE_AFTER_SECONDS : now;
    const key = { kid, alg, public_jwk, private_key_reference, published_at: now, signs_from };
    return (await replaceKeys(keySet, [...published, key], signingKeys)) ? key : undefined;
  });
}

/**
 * Takes a key out of use; it leaves the JWKS when the last token that it signed has expired. Unknown keys are out of use already.
 *
 * @throws OAuthError `conflict` while the key that follows it does not sign yet, or when others keep changing the key set.
 */
export async function retireSigningKey(kid: KeyId, { signingKeys, clock }: Ports): Promise<void> {
  const now = clock();
  await untilAccepted('the key set', async () => {
    const keySet = await signingKeys.load();
    const key = keySet.keys.find((candidate) => candidate.kid === kid && candidate.retired_at === undefined);
    if (!key) return true;
    requireSuccessor(key, keySet, now);
    const retired = { ...key, retired_at: now, published_until: now + LAST_TOKEN_EXPIRED_AFTER_SECONDS };
    const keys = keySet.keys.map((candidate) => (candidate === key ? retired : candidate));
    return (await replaceKeys(keySet, keys, signingKeys)) || undefined;
  });
}

/** The only key of an algorithm may go, and the algorithm with it; one that another follows has to wait until that one signs. */
function requireSuccessor(key: SigningKey, keySet: KeySet, now: number): void {
  const others = keySet.keys.filter(
    (other) => other.alg === key.alg && other.kid !== key.kid && other.retired_at === undefined,
  );
  if (others.length === 0 || others.some((other) => other.signs_from <= now)) return;
  throw new OAuthError(
    'conflict',
    `no other key signs with ${key.alg} yet: retire ${key.kid} in a few minutes`,
  );
}

function replaceKeys(
  { version }: KeySet,
  keys: readonly SigningKey[],
  signingKeys: SigningKeyStore,
): Promise<boolean> {
  return signingKeys.replace({ version: version + 1, keys: [...keys] });
}
