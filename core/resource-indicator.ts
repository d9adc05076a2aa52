import type { Client } from './client.ts';
import type { FormParameters } from './form.ts';
import { OAuthError } from './oauth-error.ts';
import type { ResourceReader } from './ports/record-store.ts';
import type { Resource, ResourceIdentifier } from './resource.ts';

/**
 * The resource that a token request is for (RFC 8707 §2): what `resource`, or its older alias `audience`, names; without
 * either the client's default.
 *
 * @throws OAuthError `invalid_target` when that is none of the client's resources or more than one.
 */
export function requestedResource(parameters: FormParameters, client: Client): ResourceIdentifier {
  const named = new Set([...parameters.getAll('resource'), ...parameters.getAll('audience')]);
  if (named.size > 1)
    throw new OAuthError('invalid_target', 'a token is for one resource: ask for one at a time');
  const [name] = named;
  const target = name === undefined ? defaultResource(client) : ofClient(client, name);
  if (target !== undefined) return target;
  throw name === undefined
    ? new OAuthError(
        'invalid_target',
        'the client has no default resource: name one of its resources in the resource parameter',
      )
    : unknownResource();
}

/**
 * Finds a client's resource.
 *
 * @throws OAuthError `invalid_target` when it was deleted or is disabled, as if the client had never had it.
 */
export async function findResource(
  identifier: ResourceIdentifier,
  resources: ResourceReader,
): Promise<Resource> {
  const resource = await resources.find(identifier);
  if (resource?.enabled) return resource;
  throw unknownResource();
}

function defaultResource(client: Client): ResourceIdentifier | undefined {
  if (client.default_resource !== undefined) return client.default_resource;
  return client.resources.length === 1 ? client.resources[0]?.resource : undefined;
}

function ofClient(client: Client, name: string): ResourceIdentifier | undefined {
  return client.resources.find((entry) => entry.resource === name)?.resource;
}

function unknownResource(): OAuthError {
  return new OAuthError('invalid_target', 'the client may have no token for this resource');
}
