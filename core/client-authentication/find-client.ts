import { hash } from 'node:crypto';
import type { Client } from '../client.ts';
import { isClientId } from '../client-id.ts';
import type { ClientReader } from '../ports/record-store.ts';

/** Finds the client that a request calls itself, if that is the name of any. */
export async function findClient(presented: string, clients: ClientReader): Promise<Client | undefined> {
  return isClientId(presented) ? clients.find(presented) : undefined;
}

/** What the log has of a `client_id` that no client has: a caller may have sent its secret there. */
export function unknownClientIdSha256(presented: string): string {
  return hash('sha256', presented, 'hex').slice(0, 16);
}
