import type { StoredSecret } from '../client.ts';
import type { RequestRecord } from '../request-record.ts';

/** Writes down for how long the secret is still good that a client authenticated by, where it is one that expires. */
export function recordSecretExpiry(
  record: RequestRecord,
  secret: Pick<StoredSecret, 'expires_at'> | undefined,
  now: number,
): void {
  if (secret?.expires_at !== undefined) record.secret_expires_in = secret.expires_at - now;
}
