import * as v from 'valibot';
import type { Client } from '../client.ts';
import { type ClientResource, ClientResourceSchema } from '../client-resource.ts';
import type { JsonObject } from '../json-object.ts';
import type { ClientMetadata } from '../management/clients.ts';
import { invalidClientMetadata } from '../management/invalid-client-metadata.ts';
import { REGISTRATION_PATH } from '../metadata.ts';
import type { OAuthError } from '../oauth-error.ts';
import { formatScope, parseScope } from '../scope.ts';
import type { RegistrationPolicy } from './registration-policy.ts';

/** The metadata of RFC 7591 §2 that means something here, and two members in its style; all others are ignored (§2). */
const RegistrationSchema = v.object({
  client_name: v.exactOptional(v.string()),
  /** The default is that of RFC 7591 §2. */
  token_endpoint_auth_method: v.exactOptional(v.string(), 'client_secret_basic'),
  grant_types: v.exactOptional(v.array(v.string()), ['client_credentials']),
  /** What it may ask for at the only resource that it may have. */
  scope: v.exactOptional(v.string()),
  /** The same where there are several. */
  resources: v.exactOptional(v.array(ClientResourceSchema)),
  access_token_lifetime: v.exactOptional(v.number()),
  jwks: v.exactOptional(v.unknown()),
});

type Registration = v.InferOutput<typeof RegistrationSchema>;

/**
 * What a registration document (RFC 7591 §2) says of a client, all of it within the policy; what it does not say is as if it
 * had been taken away (RFC 7592 §2.2).
 *
 * @throws OAuthError `invalid_client_metadata` (RFC 7591 §3.2.2)
 */
export function readRegistration(document: JsonObject, policy: RegistrationPolicy): ClientMetadata {
  // RFC 7592 §2.2: a member that is null is as one that is not there.
  const said = Object.fromEntries(Object.entries(document).filter(([, value]) => value !== null));
  const parsed = v.safeParse(RegistrationSchema, said);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw invalidClientMetadata(
      `${v.getDotPath(issue)}: it is not of the form that it should have (RFC 7591 section 2)`,
    );
  }
  const registration = parsed.output;
  if ('jwks' in said && 'jwks_uri' in said)
    throw invalidClientMetadata('jwks: it cannot stand beside jwks_uri');
  if (!registration.grant_types.includes('client_credentials')) {
    throw invalidClientMetadata('grant_types: the issuer has the grant client_credentials alone');
  }
  return {
    client_name: registration.client_name ?? null,
    token_endpoint_auth_method: readMethod(registration, policy),
    resources: readResources(registration, policy),
    access_token_lifetime: readLifetime(registration, policy) ?? null,
    jwks: registration.jwks ?? null,
  };
}

/** What a client is told of its registration (RFC 7591 §3.2.1), but for its tokens and secrets. */
export function describeRegistration(
  client: Client,
  policy: RegistrationPolicy,
  issuer: string,
): Readonly<Record<string, unknown>> {
  const { client_id, client_name, token_endpoint_auth_method, access_token_lifetime, jwks, resources } =
    client;
  const [only, ...others] = policy.resources.length === 1 ? resources : [];
  return {
    client_id,
    client_id_issued_at: client.client_id_issued_at,
    registration_client_uri: `${issuer}${REGISTRATION_PATH}?client_id=${encodeURIComponent(client_id)}`,
    ...(client_name === undefined ? {} : { client_name }),
    token_endpoint_auth_method,
    grant_types: client.grant_types,
    response_types: [],
    ...(only && others.length === 0 ? { scope: formatScope(only.scope) } : { resources }),
    ...(access_token_lifetime === undefined ? {} : { access_token_lifetime }),
    ...(jwks === undefined ? {} : { jwks }),
  };
}

function readMethod(
  { token_endpoint_auth_method: method }: Registration,
  { token_endpoint_auth_methods: allowed }: RegistrationPolicy,
): string {
  if (allowed.some((candidate) => candidate === method)) return method;
  throw invalidClientMetadata(`token_endpoint_auth_method: it can be ${allowed.join(', ')}`);
}

function readLifetime(
  { access_token_lifetime: asked }: Registration,
  { access_token_lifetime: most }: RegistrationPolicy,
): number | undefined {
  if (asked === undefined || most === undefined || asked <= most) return asked ?? most;
  throw invalidClientMetadata(`access_token_lifetime: it can be ${most} at most`);
}

function readResources(
  { scope, resources }: Registration,
  policy: RegistrationPolicy,
): readonly ClientResource[] {
  if (scope !== undefined && resources !== undefined) {
    throw invalidClientMetadata('scope: it cannot stand beside resources, which has the scope of each');
  }
  const asked = resources ?? (scope === undefined ? policy.resources : ofOnlyResource(scope, policy));
  if (asked.length === 0) throw invalidClientMetadata('resources: name at least one');
  for (const { resource, scope } of asked) {
    const allowed = policy.resources.find((entry) => entry.resource === resource);
    if (!allowed) throw invalidClientMetadata('resources: there is one among them that cannot be registered');
    if (!new Set(scope).isSubsetOf(new Set(allowed.scope))) throw beyondScope();
  }
  return asked;
}

function ofOnlyResource(scope: string, { resources }: RegistrationPolicy): readonly ClientResource[] {
  const [only, ...others] = resources;
  if (!only || others.length > 0) {
    throw invalidClientMetadata('scope: say in resources which scope is of which resource');
  }
  return [{ resource: only.resource, scope: scope === '' ? [] : [...readScope(scope)] }];
}

function readScope(scope: string): ReturnType<typeof parseScope> {
  try {
    return parseScope(scope);
  } catch {
    throw invalidClientMetadata(
      'scope: it is words of printable ASCII with one space between (RFC 6749 section 3.3)',
    );
  }
}

function beyondScope(): OAuthError {
  return invalidClientMetadata('scope: there is one among them that cannot be registered');
}
