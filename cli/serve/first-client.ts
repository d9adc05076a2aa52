import { createClient } from '../../core/management/clients.ts';
import type { ManagementPorts } from '../../core/management/ports.ts';
import { createResource, updateResource } from '../../core/management/resources.ts';
import { OAuthError } from '../../core/oauth-error.ts';
import type { ResourceIdentifier } from '../../core/resource.ts';

/** A client that was just made, with what its owner needs to get a first token. */
export interface FirstClient {
  readonly client_id: string;
  readonly client_secret: string;
  readonly resource: string;
  readonly scope: string;
}

const RESOURCE = 'https://api.example.com';
const SCOPES = ['read', 'write'];

/** Makes a resource and a client in an empty store, so that the first token is one request away; in any other it does nothing. */
export async function createFirstClient(store: ManagementPorts): Promise<FirstClient | undefined> {
  const [clients, resources] = await Promise.all([store.clients.list(1), store.resources.list(1)]);
  if (clients.items.length + resources.items.length > 0) return undefined;
  const resource = await createFirstResource(store);
  if (resource === undefined) return undefined;
  const named = { client_name: 'First client', resources: [{ resource, scope: SCOPES }] };
  const { client, secret } = await createClient(undefined, named, {}, store);
  // So that the same client can also try introspection.
  await updateResource(resource, { introspection_client_ids: [client.client_id] }, store);
  if (!secret) throw new Error('a confidential client was made without a secret');
  return {
    client_id: client.client_id,
    client_secret: secret.client_secret,
    resource,
    scope: SCOPES.join(' '),
  };
}

/** Of issuers that start on one empty store together only one makes the resource, and then the client. */
async function createFirstResource(store: ManagementPorts): Promise<ResourceIdentifier | undefined> {
  const metadata = { resource_name: 'Example API', scopes_supported: SCOPES };
  try {
    return (await createResource(RESOURCE, metadata, store)).resource;
  } catch (error) {
    if (error instanceof OAuthError && error.code === 'conflict') return undefined;
    throw error;
  }
}
