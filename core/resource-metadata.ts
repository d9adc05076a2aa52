import * as v from 'valibot';
import type { Issuer } from './issuer.ts';
import { OAuthError } from './oauth-error.ts';
import type { RequestRecord } from './request-record.ts';
import { type Resource, ResourceIdentifierSchema } from './resource.ts';

/**
 * Where the issuer has what its resources publish, behind its identifier: their servers take it from there, to serve it at
 * the place that RFC 9728 §3 has for it, which is theirs.
 */
export const RESOURCE_METADATA_PATH = '/resource-metadata';

/** The metadata of a resource (RFC 9728 §2), as far as the issuer knows it; a list that is empty is left out (§3.2). */
export function resourceMetadata(
  { resource, scopes_supported, ...members }: Resource,
  { identifier }: Pick<Issuer, 'identifier'>,
): Readonly<Record<string, unknown>> {
  const { resource_name, resource_documentation, resource_policy_uri, resource_tos_uri } = members;
  const optional = { resource_name, resource_documentation, resource_policy_uri, resource_tos_uri };
  return {
    resource,
    authorization_servers: [identifier],
    ...(scopes_supported.length > 0 ? { scopes_supported } : {}),
    // The one that every resource server has (RFC 6750 §2.1).
    bearer_methods_supported: ['header'],
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

/**
 * The metadata of the resource that a query names, if it publishes it.
 *
 * @throws OAuthError `invalid_request` unless it names one; `not_found` alike for one that is not there, is disabled, or publishes
 * nothing: which there are is not everyone's to know.
 */
export async function findResourceMetadata(
  [presented, ...others]: readonly string[],
  issuer: Pick<Issuer, 'identifier' | 'resources'>,
  record: RequestRecord,
): Promise<Readonly<Record<string, unknown>>> {
  if (presented === undefined || others.length > 0) {
    throw new OAuthError(
      'invalid_request',
      'the query has the parameter resource once: the identifier of an API',
    );
  }
  const identifier = v.safeParse(ResourceIdentifierSchema, presented);
  const resource = identifier.success ? await issuer.resources.find(identifier.output) : undefined;
  if (!resource?.enabled || !resource.metadata_published) {
    throw new OAuthError('not_found', 'no resource of this identifier publishes its metadata here');
  }
  record.resource = resource.resource;
  return resourceMetadata(resource, issuer);
}
