import type { Client } from '../client.ts';
import { OAuthError } from '../oauth-error.ts';
import type { Resource, Resources } from '../resource.ts';
import { formatScope, parseScope, type Scope } from '../scope.ts';
import type { Grant } from './grant.ts';

/** The client credentials grant (RFC 6749 §4.4): the client asks for itself, within what it was given. */
export const clientCredentials: Grant = {
  grant_type: 'client_credentials',
  authorize(client, resources, parameters) {
    const allowed = allowedScope(client, resources);
    const requested = parameters.get('scope');
    const scope = requested === undefined ? allowed : narrowScope(allowed, requested, resources);
    return { client, resources, scope };
  },
};

/** A scope counts at each resource that the token is for, so the client has to have it at each (RFC 8707 §2.2). */
function allowedScope(client: Client, [first, ...others]: Resources): ReadonlySet<Scope> {
  return others.reduce(
    (scope, resource) => scope.intersection(allowedScopeAt(resource, client)),
    allowedScopeAt(first, client),
  );
}

/** What the client was given and the resource still knows: a scope that the resource dropped is nobody's any more. */
function allowedScopeAt(resource: Resource, client: Client): ReadonlySet<Scope> {
  const given = client.resources.find((entry) => entry.resource === resource.resource)?.scope ?? [];
  return new Set(given).intersection(new Set(resource.scopes_supported));
}

/** Refuses rather than drops: a caller that got less than it asked for would find out at the API (RFC 6749 §3.3). */
function narrowScope(
  allowed: ReadonlySet<Scope>,
  requested: string,
  resources: Resources,
): ReadonlySet<Scope> {
  const scope = parseScope(requested);
  const excess = scope.difference(allowed);
  if (excess.size === 0) return scope;
  throw new OAuthError(
    'invalid_scope',
    `the client may not have this scope at ${resources.length > 1 ? 'each of these resources' : 'this resource'}: ${formatScope(excess)}`,
  );
}
