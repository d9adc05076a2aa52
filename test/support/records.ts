import * as v from 'valibot';
import { type Client, ClientSchema } from '../../core/client.ts';
import { type ClientId, ClientIdSchema } from '../../core/client-id.ts';
import type { Authorization } from '../../core/grants/grant.ts';
import { thumbprint } from '../../core/jose/json-web-key-thumbprint.ts';
import type { SigningKey } from '../../core/jose/signing-key.ts';
import {
  type Resource,
  type ResourceIdentifier,
  ResourceIdentifierSchema,
  ResourceSchema,
} from '../../core/resource.ts';
import { type Scope, ScopeSchema } from '../../core/scope.ts';

/** A client record with as little in it as a client can have, and whatever else is given. */
export function makeClient(client_id: string, members: object = {}): Client {
  return v.parse(ClientSchema, {
    client_id,
    client_id_issued_at: 1_800_000_000,
    grant_types: [],
    resources: [],
    client_secrets: [],
    enabled: true,
    version: 1,
    ...members,
  });
}

/** A resource record with as little in it as a resource can have, and whatever else is given. */
export function makeResource(resource: string, members: object = {}): Resource {
  return v.parse(ResourceSchema, {
    resource,
    scopes_supported: [],
    introspection_client_ids: [],
    enabled: true,
    created_at: 1_800_000_000,
    version: 1,
    ...members,
  });
}

/** A signing key record of the material that a signer made, published and signing since the epoch unless told otherwise. */
export function makeSigningKey(
  material: Pick<SigningKey, 'alg' | 'public_jwk' | 'private_key_reference'>,
  times: Partial<SigningKey> = {},
): SigningKey {
  return { kid: thumbprint(material.public_jwk), ...material, published_at: 0, signs_from: 0, ...times };
}

/** A client identifier that is known to be one. */
export function clientId(value: string): ClientId {
  return v.parse(ClientIdSchema, value);
}

/** A resource identifier that is known to be one. */
export function resourceIdentifier(value: string): ResourceIdentifier {
  return v.parse(ResourceIdentifierSchema, value);
}

/** Scopes that are known to be some. */
export function scopes(...values: readonly string[]): readonly Scope[] {
  return values.map((value) => v.parse(ScopeSchema, value));
}

/** What a grant decided for the client `backend` at one resource. */
export function makeAuthorization(
  client: object = {},
  resource: object = {},
  ...scope: readonly string[]
): Authorization {
  return {
    client: makeClient('backend', client),
    resources: [makeResource('https://api.example.com', resource)],
    scope: new Set(scopes(...scope)),
  };
}
