import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Client, StoredSecret } from '../client.ts';
import { deriveClientSecret, isSecretActive } from '../client-secret.ts';
import type { DecodedJwt } from '../jose/jwt.ts';
import type { SecretDerivation } from '../ports/secret-derivation.ts';
import { clientAssertionMethod } from './client-assertion.ts';
import { macDigest } from './mac-algorithms.ts';
import { clientAuthenticationFailed } from './refusal.ts';
import { recordSecretExpiry } from './secret-expiry.ts';

const NAME = 'client_secret_jwt';

/**
 * An assertion with a MAC that is keyed with the client's secret (RFC 7523 §2.2, OpenID Connect Core §9).
 *
 * It is there where the issuer derives secrets, for clients that are registered for it: of all others it has only hashes.
 */
export const clientSecretJwt = clientAssertionMethod(
  NAME,
  (alg) => macDigest(alg) !== undefined,
  async (jwt, client, { secretDerivation, clock }, record) => {
    if (!secretDerivation) throw clientAuthenticationFailed('unsupported_method');
    const known = client?.token_endpoint_auth_method === NAME ? await keysOf(client, secretDerivation) : [];
    // None is skipped, and nobody's stands for none: time tells neither which one it was nor whether there is any.
    const candidates = known.length > 0 ? known : [NOBODYS];
    const matching = candidates.filter(({ key }) => isKeyedBy(key, jwt));
    const now = clock();
    const active = matching.find(({ secret }) => isSecretActive(secret, now));
    if (!active) return matching.length > 0 ? 'secret_expired' : 'assertion_wrong_signature';
    recordSecretExpiry(record, active.secret, now);
    return undefined;
  },
);

/** A secret as it is kept, and the key that it is. */
interface SecretKey {
  readonly secret: Pick<StoredSecret, 'expires_at'>;
  readonly key: KeyObject;
}

const NOBODYS: SecretKey = { secret: { expires_at: 0 }, key: createSecretKey(randomBytes(64)) };

async function keysOf(client: Client, derivation: SecretDerivation): Promise<readonly SecretKey[]> {
  return Promise.all(
    client.client_secrets.map(async (secret) => ({
      secret,
      key: await secretKey(client.client_id, secret, derivation),
    })),
  );
}

/** Kept no longer than the client's record is, and as a `KeyObject`, which no log shows. */
const keyObjects = new WeakMap<StoredSecret, KeyObject>();

async function secretKey(
  client_id: string,
  secret: StoredSecret,
  derivation: SecretDerivation,
): Promise<KeyObject> {
  const known = keyObjects.get(secret);
  if (known) return known;
  const derived = await deriveClientSecret(client_id, secret.secret_id, derivation);
  const keyObject = createSecretKey(derived, 'utf8');
  keyObjects.set(secret, keyObject);
  return keyObject;
}

function isKeyedBy(key: KeyObject, { header, signingInput, signature }: DecodedJwt): boolean {
  const mac = createHmac(String(macDigest(header['alg'])), key)
    .update(signingInput)
    .digest();
  return signature.length === mac.length && timingSafeEqual(signature, mac);
}
