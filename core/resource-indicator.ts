import { isDeepStrictEqual } from 'node:util';
import type { Client } from './client.ts';
import type { FormParameters } from './form.ts';
import type { Issuer } from './issuer.ts';
import { TOKEN_RESOURCES_MAX } from './limits.ts';
import { OAuthError } from './oauth-error.ts';
import type { Resource, ResourceIdentifier, Resources } from './resource.ts';

/** The resources that a client may have tokens for. */
type Access = Pick<Client, 'resources' | 'default_resource'>;

/**
 * The resources that a token request is for (RFC 8707 §2): those that `resource`, or its older alias `audience`, names; without
 * either the client's default.
 *
 * @throws OAuthError `invalid_target` when one is none of the client's resources, or there are too many.
 */
export function requestedResources(
  parameters: FormParameters,
  client: Access,
): readonly [ResourceIdentifier, ...ResourceIdentifier[]] {
  const named = new Set([...parameters.getAll('resource'), ...parameters.getAll('audience')]);
  if (named.size > TOKEN_RESOURCES_MAX)
    throw new OAuthError('invalid_target', `a token is for at most ${TOKEN_RESOURCES_MAX} resources`);
  const [first, ...others] = [...named].map((name) => ofClient(client, name));
  return first === undefined ? [defaultResource(client)] : [first, ...others];
}

/**
 * Finds the resources of a client that one token is to be for. A token has one signature and one set of claims, so what
 * several resources say of these has to be the same.
 *
 * @throws OAuthError `invalid_target` when one was deleted or is disabled, as if the client had never had it, or when they do not agree.
 */
export async function findResources(
  [only, ...others]: readonly [ResourceIdentifier, ...ResourceIdentifier[]],
  { resources, defaultAlg }: Pick<Issuer, 'resources' | 'defaultAlg'>,
): Promise<Resources> {
  const found =
    others.length === 0
      ? [await resources.find(only)]
      : await Promise.all([only, ...others].map((identifier) => resources.find(identifier)));
  const [first, ...rest] = found.filter((resource): resource is Resource => resource?.enabled === true);
  if (!first || rest.length < others.length) throw unknownResource();
  for (const other of rest) requireAgreement(first, other, defaultAlg);
  return [first, ...rest];
}

function requireAgreement(one: Resource, other: Resource, defaultAlg: Issuer['defaultAlg']): void {
  const formats = [one, other].map((resource) => resource.access_token_format ?? 'at+jwt');
  if (formats[0] !== formats[1]) throw disagreement(`format (${formats.join(', ')})`);
  const algs = [one, other].map((resource) => resource.access_token_signing_alg ?? defaultAlg);
  if (algs[0] !== algs[1]) throw disagreement(`signing algorithm (${algs.join(', ')})`);
  if (!isDeepStrictEqual(one.claims ?? {}, other.claims ?? {})) throw disagreement('claims');
}

function disagreement(what: string): OAuthError {
  return new OAuthError(
    'invalid_target',
    `the tokens of these resources differ in their ${what}: ask for one resource at a time`,
  );
}

function defaultResource(client: Access): ResourceIdentifier {
  const [only, ...others] = client.resources;
  const target = client.default_resource ?? (others.length === 0 ? only?.resource : undefined);
  if (target !== undefined) return target;
  throw new OAuthError(
    'invalid_target',
    'the client has no default resource: name one of its resources in the resource parameter',
  );
}

function ofClient(client: Access, name: string): ResourceIdentifier {
  const entry = client.resources.find(({ resource }) => resource === name);
  if (entry) return entry.resource;
  throw unknownResource();
}

function unknownResource(): OAuthError {
  return new OAuthError('invalid_target', 'the client may have no token for this resource');
}
