import type { Client, StoredSecret } from '../client.ts';
import type { ClientId } from '../client-id.ts';
import { isSecretActive, matchClientSecret } from '../client-secret.ts';
import { ACTIVE_SECRETS_MAX } from '../limits.ts';
import { OAuthError } from '../oauth-error.ts';
import { changeRecord } from './change-record.ts';
import { firstSecret, type NewSecret } from './client-secrets.ts';
import { type ClientMetadata, checkClient } from './clients.ts';
import type { ManagementPorts } from './ports.ts';

/**
 * Replaces what a client said of itself, and its secrets with it (RFC 7592 §2.2).
 *
 * A secret that is named is the one that the client keeps. Where none is named and the client needs one, a new one comes beside
 * the last, so that its callers can change over without a gap; one that is older goes.
 *
 * @throws OAuthError `not_found`, `invalid_client_metadata` also when the named secret is none of the client's, or `conflict`
 */
export async function replaceRegistration(
  client_id: ClientId,
  metadata: ClientMetadata,
  named: string | undefined,
  ports: Pick<ManagementPorts, 'clients' | 'resources' | 'clock'>,
): Promise<{ readonly client: Client; readonly secret: NewSecret | undefined }> {
  const now = ports.clock();
  let secret: NewSecret | undefined;
  const client = await changeRecord('client', client_id, ports.clients, async (before) => {
    const active = before.client_secrets.filter((stored) => isSecretActive(stored, now));
    const kept = named === undefined ? undefined : requireSecret(named, active, now);
    const changed = await checkClient(before, metadata, ports);
    const made = await firstSecret(changed, {}, ports);
    secret = made && (kept ?? made);
    return { ...changed, client_secrets: nextSecrets(active, secret) };
  });
  return { client, secret };
}

/** A secret that takes the place of the others, or comes beside the newest of them. */
function nextSecrets(active: readonly StoredSecret[], secret: NewSecret | undefined): StoredSecret[] {
  if (!secret) return [];
  if (active.includes(secret.stored)) return [secret.stored];
  return [...active.slice(1 - ACTIVE_SECRETS_MAX), secret.stored];
}

function requireSecret(client_secret: string, active: readonly StoredSecret[], now: number): NewSecret {
  const stored = active.find((candidate) => matchClientSecret(client_secret, [candidate], now).secret);
  if (stored) return { client_secret, stored };
  throw new OAuthError(
    'invalid_client_metadata',
    'client_secret: it is none of the client: leave it out to have a new one made (RFC 7592 section 2.2)',
  );
}
