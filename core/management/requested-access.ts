import type { Client } from '../client.ts';
import type { ResourceStore } from '../ports/record-store.ts';
import { formatScope } from '../scope.ts';
import { invalidClientMetadata } from './invalid-client-metadata.ts';

/**
 * Requires of resources that are being given to a client that they are there, with these scopes.
 *
 * @param member the member of the client that names them
 * @throws OAuthError `invalid_client_metadata`
 */
export async function requireAccess(
  member: string,
  access: Client['resources'],
  resources: ResourceStore,
): Promise<void> {
  await Promise.all(access.map((entry) => requireScopes(member, entry, resources)));
}

async function requireScopes(
  member: string,
  { resource, scope }: Client['resources'][number],
  resources: ResourceStore,
): Promise<void> {
  const known = await resources.find(resource);
  if (!known) throw invalidClientMetadata(`${member}: there is no resource ${resource}: create it first`);
  const unknown = new Set(scope).difference(new Set(known.scopes_supported));
  if (unknown.size > 0)
    throw invalidClientMetadata(`${member}: ${resource} has no scope ${formatScope(unknown)}`);
}

/**
 * Refuses a list that has a resource twice.
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export function refuseTwice(member: string, identifiers: readonly string[]): void {
  if (new Set(identifiers).size < identifiers.length)
    throw invalidClientMetadata(`${member}: a resource stands in the list twice`);
}
