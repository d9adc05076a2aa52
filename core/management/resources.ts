import { currentSigningKey } from '../jose/signing-key.ts';
import { OAuthError } from '../oauth-error.ts';
import { type Resource, type ResourceIdentifier, ResourceSchema } from '../resource.ts';
import { changeRecord, createRecord, deleteRecord } from './change-record.ts';
import { applyChange, type MetadataChange, requireChange } from './metadata-change.ts';
import type { ManagementPorts } from './ports.ts';

/** The members of a resource that its operator decides. */
export type ResourceMetadata = MetadataChange<
  | 'resource_name'
  | 'scopes_supported'
  | 'access_token_lifetime'
  | 'access_token_format'
  | 'access_token_signing_alg'
  | 'introspection_client_ids'
  | 'claims'
  | 'metadata_published'
  | 'resource_documentation'
  | 'resource_policy_uri'
  | 'resource_tos_uri'
  | 'authorization_details_types'
>;

type Ports = Pick<ManagementPorts, 'resources' | 'signingKeys' | 'clock'>;

/**
 * Creates a resource.
 *
 * @throws OAuthError `invalid_client_metadata`, or `conflict` when the identifier is taken
 */
export async function createResource(
  identifier: string,
  metadata: ResourceMetadata,
  ports: Ports,
): Promise<Resource> {
  const empty = { resource: identifier, scopes_supported: [], introspection_client_ids: [] };
  const made = { ...empty, enabled: true, created_at: ports.clock(), version: 1 };
  const resource = applyChange(ResourceSchema, made, metadata);
  requireUrlToPublish(resource);
  await requireKeyFor(resource, ports);
  return createRecord('resource', resource.resource, ports.resources, resource);
}

/**
 * Changes what is said of a resource.
 *
 * @throws OAuthError `not_found`, `invalid_client_metadata`, or `conflict`
 */
export function updateResource(
  identifier: ResourceIdentifier,
  metadata: ResourceMetadata,
  ports: Ports,
): Promise<Resource> {
  return changeRecord('resource', identifier, ports.resources, async (before) => {
    requireChange(metadata);
    const resource = applyChange(ResourceSchema, before, metadata);
    requireUrlToPublish(resource);
    await requireKeyFor(resource, ports);
    return resource;
  });
}

/** Enables or disables a resource: for a disabled one there are no tokens, and those there are introspect as inactive. */
export function setResourceEnabled(
  identifier: ResourceIdentifier,
  enabled: boolean,
  { resources }: Pick<ManagementPorts, 'resources'>,
): Promise<Resource> {
  return changeRecord('resource', identifier, resources, (resource) => ({ ...resource, enabled }));
}

/** Deletes a resource; clients that name it get no token for it any more. */
export function deleteResource(
  identifier: ResourceIdentifier,
  { resources }: Pick<ManagementPorts, 'resources'>,
): Promise<void> {
  return deleteRecord('resource', identifier, resources);
}

/** Metadata is looked for behind the host of a resource (RFC 9728 §3); `http` is for tests, as of issuers. */
function requireUrlToPublish({ resource, metadata_published }: Resource): void {
  if (!metadata_published || /^https?:\/\//i.test(resource)) return;
  throw new OAuthError(
    'invalid_client_metadata',
    'metadata_published: only a resource whose identifier is an https URL has a place for its metadata',
  );
}

async function requireKeyFor(
  { access_token_signing_alg: alg }: Resource,
  { signingKeys, clock }: Ports,
): Promise<void> {
  if (alg === undefined || currentSigningKey(await signingKeys.load(), alg, clock())) return;
  throw new OAuthError(
    'invalid_client_metadata',
    `access_token_signing_alg: the issuer has no ${alg} key yet: add ${alg} to its algorithms first`,
  );
}
