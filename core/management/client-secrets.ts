import { randomBytes } from 'node:crypto';
import { base62 } from '../base62.ts';
import type { Client, StoredSecret } from '../client.ts';
import { MUTUAL_TLS_METHODS } from '../client-authentication/method-names.ts';
import type { ClientId } from '../client-id.ts';
import {
  createClientSecret,
  deriveClientSecret,
  hashClientSecret,
  isClientSecret,
  isSecretActive,
} from '../client-secret.ts';
import {
  ACTIVE_SECRETS_MAX,
  CLIENT_SECRET_LIFETIME_MAX_SECONDS,
  CLIENT_SECRET_MAX_CHARACTERS,
  IMPORTED_SECRET_MIN_CHARACTERS,
  IMPORTED_SECRET_MIN_DISTINCT_CHARACTERS,
} from '../limits.ts';
import { OAuthError } from '../oauth-error.ts';
import { changeRecord } from './change-record.ts';
import { invalidClientMetadata } from './invalid-client-metadata.ts';
import type { ManagementPorts } from './ports.ts';

/** How a new secret is to be. */
export interface SecretRequest {
  /** Seconds until it expires; never when absent. */
  readonly expiresInSeconds?: number | undefined;
  /** A secret that the client has already, from another issuer; one of Signet's making when absent. */
  readonly imported?: string | undefined;
}

/** A secret as it is shown once, and as it is kept. */
export interface NewSecret {
  readonly client_secret: string;
  readonly stored: StoredSecret;
}

const WITHOUT_SECRET: ReadonlySet<unknown> = new Set(['none', 'private_key_jwt', ...MUTUAL_TLS_METHODS]);

/** Tells whether a client of this method has no use for a secret. */
function hasNoSecret(token_endpoint_auth_method: unknown): boolean {
  return WITHOUT_SECRET.has(token_endpoint_auth_method);
}

type Ports = Pick<ManagementPorts, 'clients' | 'clock' | 'secretDerivation'>;

/**
 * Makes or takes over a secret.
 *
 * @throws OAuthError `invalid_client_metadata` when an imported one could be guessed, or the lifetime is out of bounds
 */
export function newSecret({ expiresInSeconds, imported }: SecretRequest, now: number): NewSecret {
  if (expiresInSeconds !== undefined) requireLifetime(expiresInSeconds);
  if (imported !== undefined) requireUnguessable(imported);
  const client_secret = imported ?? createClientSecret();
  const stored = {
    secret_id: base62(randomBytes(6)),
    sha256: hashClientSecret(client_secret),
    created_at: now,
  };
  return {
    client_secret,
    stored: expiresInSeconds === undefined ? stored : { ...stored, expires_at: now + expiresInSeconds },
  };
}

/**
 * Makes or takes over the secret that a client of this method comes with; undefined when it has none.
 *
 * @throws OAuthError `invalid_client_metadata` as `newSecret` does, and when a secret is asked for that the client has no use for
 */
export async function firstSecret(
  owner: SecretOwner,
  request: SecretRequest,
  ports: Pick<Ports, 'clock' | 'secretDerivation'>,
): Promise<NewSecret | undefined> {
  if (!hasNoSecret(owner.token_endpoint_auth_method)) {
    return usableBy(owner, newSecret(request, ports.clock()), request, ports);
  }
  if (request.imported !== undefined || request.expiresInSeconds !== undefined) throw uselessSecret();
  return undefined;
}

/**
 * Adds a secret beside the one in use, so that its callers can change over without a gap.
 *
 * Secrets that have expired make room.
 *
 * @throws OAuthError `not_found`, `invalid_client_metadata`, or `conflict` when two are active already
 */
export async function addClientSecret(
  client_id: ClientId,
  request: SecretRequest,
  { clients, clock, secretDerivation }: Ports,
): Promise<NewSecret> {
  const now = clock();
  const made = newSecret(request, now);
  let secret = made;
  await changeRecord('client', client_id, clients, async (client) => {
    if (hasNoSecret(client.token_endpoint_auth_method)) throw uselessSecret();
    secret = await usableBy(client, made, request, { secretDerivation });
    const active = client.client_secrets.filter((stored) => isSecretActive(stored, now));
    if (active.length < ACTIVE_SECRETS_MAX) return { ...client, client_secrets: [...active, secret.stored] };
    const ids = active.map((stored) => stored.secret_id).join(', ');
    throw new OAuthError(
      'conflict',
      `the client has ${ACTIVE_SECRETS_MAX} active secrets (${ids}): revoke one first`,
    );
  });
  return secret;
}

/** Whose a secret is to be, unchecked. */
interface SecretOwner {
  readonly client_id: string;
  readonly token_endpoint_auth_method?: unknown;
}

/** A client of `client_secret_jwt` has a secret that can be derived again, for a hash keys no MAC; any other has it as it was made. */
async function usableBy(
  { client_id, token_endpoint_auth_method }: SecretOwner,
  made: NewSecret,
  { imported }: SecretRequest,
  { secretDerivation }: Pick<Ports, 'secretDerivation'>,
): Promise<NewSecret> {
  if (token_endpoint_auth_method !== 'client_secret_jwt') return made;
  if (!secretDerivation) {
    throw invalidClientMetadata(
      'client_secret_jwt is not turned on at this issuer: see its operations page before you do',
    );
  }
  if (imported !== undefined) {
    throw invalidClientMetadata(
      'a secret for client_secret_jwt is of Signet’s making: leave it out to have one made',
    );
  }
  const { stored } = made;
  const client_secret = await deriveClientSecret(client_id, stored.secret_id, secretDerivation);
  return { client_secret, stored: { ...stored, sha256: hashClientSecret(client_secret) } };
}

/**
 * Refuses that a client which has secrets already changes to `client_secret_jwt`: they are hashes.
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export function requireUsableSecrets(before: Client, after: Client): void {
  const method = after.token_endpoint_auth_method;
  if (method !== 'client_secret_jwt' || before.token_endpoint_auth_method === method) return;
  if (after.client_secrets.length === 0) return;
  throw invalidClientMetadata(
    'the secrets of the client are kept as hashes, which client_secret_jwt cannot use: revoke them first, and add one after',
  );
}

/**
 * Revokes a secret: it opens nothing any more, from when the caches of the token function are over.
 *
 * @throws OAuthError `not_found` when there is no such client or secret, `conflict`
 */
export function revokeClientSecret(
  client_id: ClientId,
  secret_id: string,
  { clients }: Pick<ManagementPorts, 'clients'>,
): Promise<Client> {
  return changeRecord('client', client_id, clients, (client) => {
    const kept = client.client_secrets.filter((stored) => stored.secret_id !== secret_id);
    if (kept.length < client.client_secrets.length) return { ...client, client_secrets: kept };
    throw new OAuthError(
      'not_found',
      `the client has no secret ${secret_id}: signet clients secrets list shows those it has`,
    );
  });
}

function uselessSecret(): OAuthError {
  return invalidClientMetadata(
    'the client does not authenticate by secret: give it an auth method that does first',
  );
}

function requireLifetime(seconds: number): void {
  if (Number.isInteger(seconds) && seconds > 0 && seconds <= CLIENT_SECRET_LIFETIME_MAX_SECONDS) return;
  throw invalidClientMetadata('a secret lives a whole number of seconds, ten years at most');
}

/** SHA-256 is no protection for a secret that a dictionary could hold. */
function requireUnguessable(secret: string): void {
  if (isClientSecret(secret)) return;
  const distinct = new Set(secret).size;
  const longEnough =
    secret.length >= IMPORTED_SECRET_MIN_CHARACTERS && distinct >= IMPORTED_SECRET_MIN_DISTINCT_CHARACTERS;
  if (longEnough && /^[\x20-\x7e]*$/.test(secret) && secret.length <= CLIENT_SECRET_MAX_CHARACTERS) return;
  throw invalidClientMetadata(
    `an imported secret is random, printable ASCII, ${IMPORTED_SECRET_MIN_CHARACTERS} to ${CLIENT_SECRET_MAX_CHARACTERS} characters ` +
      `of which at least ${IMPORTED_SECRET_MIN_DISTINCT_CHARACTERS} differ: leave it out to have one made`,
  );
}
