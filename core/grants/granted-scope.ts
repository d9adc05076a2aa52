import type { Client } from '../client.ts';
import { OAuthError } from '../oauth-error.ts';
import type { Resource, Resources } from '../resource.ts';
import { formatScope, parseScope, type Scope } from '../scope.ts';

/**
 * The scope of a token: all that is allowed when none is requested. A scope counts at each resource that the token is for, so it has
 * to be allowed at each (RFC 8707 §2.2).
 *
 * @throws OAuthError `invalid_scope` when more is requested than is allowed.
 */
export function grantScope(
  resources: Resources,
  requested: string | undefined,
  allowedAt: (resource: Resource) => ReadonlySet<Scope>,
): ReadonlySet<Scope> {
  const [first, ...others] = resources;
  const allowed = others.reduce(
    (scope, resource) => scope.intersection(allowedAt(resource)),
    allowedAt(first),
  );
  return requested === undefined ? allowed : narrowScope(allowed, requested, resources);
}

/** What a client was given and the resource still knows: a scope that the resource dropped is nobody's any more. */
export function givenScope(access: Client['resources'], resource: Resource): ReadonlySet<Scope> {
  const given = access.find((entry) => entry.resource === resource.resource)?.scope ?? [];
  return new Set(given.filter((scope) => resource.scopes_supported.includes(scope)));
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
