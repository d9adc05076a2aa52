import * as v from 'valibot';
import { type ClientId, createClientId } from '../../core/client-id.ts';
import { createClient } from '../../core/management/clients.ts';
import type { ManagementPorts } from '../../core/management/ports.ts';
import { createResource, updateResource } from '../../core/management/resources.ts';
import { OAuthError } from '../../core/oauth-error.ts';
import { ResourceIdentifierSchema } from '../../core/resource.ts';

/** A client that was just made, with what its owner needs to get a first token. */
export interface FirstClient {
  readonly client_id: string;
  readonly client_secret: string;
  readonly resource: string;
  readonly scope: string;
}

const RESOURCE = v.parse(ResourceIdentifierSchema, 'https://api.example.com');
const SCOPES = ['read', 'write'];

/**
 * Makes a resource and a client in an empty store, so that the first token is one request away; in any other it does nothing.
 *
 * The resource names its client before there is one, and gets its own name last: whoever starts on what another left half done, or
 * is doing, makes that same client, and of all of them one is the first.
 */
export async function createFirstClient(store: ManagementPorts): Promise<FirstClient | undefined> {
  const client_id = await chooseFirstClient(store);
  if (client_id === undefined) return undefined;
  const metadata = { client_name: 'First client', resources: [{ resource: RESOURCE, scope: SCOPES }] };
  const created = await unlessTaken(createClient(client_id, metadata, {}, store));
  if (!created) return undefined;
  await updateResource(RESOURCE, { resource_name: 'Example API' }, store);
  if (!created.secret) throw new Error('a confidential client was made without a secret');
  const { client_secret } = created.secret;
  return { client_id, client_secret, resource: RESOURCE, scope: SCOPES.join(' ') };
}

/** The client that the store is to begin with, and its resource; undefined when it has begun. */
async function chooseFirstClient(store: ManagementPorts): Promise<ClientId | undefined> {
  const [clients, resources] = await Promise.all([store.clients.list(1), store.resources.list(2)]);
  if (clients.items.length > 0) return undefined;
  const [found, ...others] = resources.items;
  // So that the same client can also try introspection.
  const introspectedBy = { scopes_supported: SCOPES, introspection_client_ids: [createClientId()] };
  const resource = found ?? (await unlessTaken(createResource(RESOURCE, introspectedBy, store)));
  const isHalfDone = resource?.resource === RESOURCE && resource.version === 1 && others.length === 0;
  return isHalfDone ? resource.introspection_client_ids[0] : undefined;
}

/** Undefined when another was first: there was nothing to lose. */
async function unlessTaken<Made>(making: Promise<Made>): Promise<Made | undefined> {
  try {
    return await making;
  } catch (error) {
    if (error instanceof OAuthError && error.code === 'conflict') return undefined;
    throw error;
  }
}
