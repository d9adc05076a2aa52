import * as v from 'valibot';
import { AccessTokenLifetimeSchema } from './access-token/access-token-lifetime.ts';
import { AdditionalClaimsSchema } from './access-token/additional-claims.ts';
import { AuthorizationDetailsTypesSchema } from './authorization-details/authorization-details-type.ts';
import { ClientIdSchema } from './client-id.ts';
import { ALGS } from './jose/algorithms.ts';
import { NAME_MAX_CHARACTERS, PAGE_URL_MAX_CHARACTERS, RESOURCE_MAX_CHARACTERS } from './limits.ts';
import { ScopesSchema } from './scope.ts';

/** The identifier of an API that tokens are for: an absolute URI without a fragment (RFC 8707 §2). */
export const ResourceIdentifierSchema = v.pipe(
  v.string(),
  v.maxLength(RESOURCE_MAX_CHARACTERS, `a resource has at most ${RESOURCE_MAX_CHARACTERS} characters`),
  v.check(
    isAbsoluteUri,
    'a resource is an absolute URI without a fragment, such as https://api.example.com (RFC 8707)',
  ),
  v.brand('ResourceIdentifier'),
);

export type ResourceIdentifier = v.InferOutput<typeof ResourceIdentifierSchema>;

/** Tells whether a string can be the identifier of a resource: as the schema does, without what that costs each request. */
export function isResourceIdentifier(value: string): value is ResourceIdentifier {
  return value.length <= RESOURCE_MAX_CHARACTERS && isAbsoluteUri(value);
}

function isAbsoluteUri(value: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]*:[\x21\x24-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+$/i.test(value) &&
    URL.canParse(value)
  );
}

/**
 * What an access token can be: a JWT that the API verifies by itself (RFC 9068), or a reference, of which only introspection tells
 * what it says.
 */
export const ACCESS_TOKEN_FORMATS = ['at+jwt', 'reference'] as const;

/** A page about a resource that people read: no `javascript:` or the like, which clients might open (RFC 9728 §2, §7.7). */
const PageUrlSchema = v.pipe(
  v.string(),
  v.maxLength(PAGE_URL_MAX_CHARACTERS, `a page has at most ${PAGE_URL_MAX_CHARACTERS} characters`),
  v.check(
    (url) => /^https:\/\/[\x21-\x7e]+$/.test(url) && URL.canParse(url),
    'a page is an https URL, such as https://docs.example.com/orders',
  ),
);

/** An API that tokens are for, as it is stored and shown; names follow RFC 9728 where it has one. */
export const ResourceSchema = v.strictObject({
  resource: ResourceIdentifierSchema,
  resource_name: v.exactOptional(
    v.pipe(
      v.string(),
      v.maxLength(NAME_MAX_CHARACTERS, `a name has at most ${NAME_MAX_CHARACTERS} characters`),
    ),
  ),
  scopes_supported: ScopesSchema,
  /** Seconds; the issuer's default when absent. */
  access_token_lifetime: v.exactOptional(AccessTokenLifetimeSchema),
  /** `at+jwt` when absent. */
  access_token_format: v.exactOptional(v.picklist(ACCESS_TOKEN_FORMATS)),
  /** What its JWTs are signed with; the issuer's default when absent. */
  access_token_signing_alg: v.exactOptional(v.picklist(ALGS)),
  /** The clients that may introspect this resource's tokens (RFC 7662 §2.1): its own, as a rule. */
  introspection_client_ids: v.array(ClientIdSchema),
  /** What its tokens say besides, unless the client says otherwise. */
  claims: v.exactOptional(AdditionalClaimsSchema),
  /** What requests may say of it in detail (RFC 9396 §2). */
  authorization_details_types: v.exactOptional(AuthorizationDetailsTypesSchema),
  /** Whether anyone may ask the issuer for its metadata (RFC 9728); nobody when absent. */
  metadata_published: v.exactOptional(v.boolean()),
  /** Pages about it, which its metadata names (RFC 9728 §2). */
  resource_documentation: v.exactOptional(PageUrlSchema),
  resource_policy_uri: v.exactOptional(PageUrlSchema),
  resource_tos_uri: v.exactOptional(PageUrlSchema),
  enabled: v.boolean(),
  created_at: v.number(),
  version: v.number(),
});

export type Resource = v.InferOutput<typeof ResourceSchema>;

/** What one token is for: one resource as a rule, or several that agree on it (RFC 8707 §2). */
export type Resources = readonly [Resource, ...Resource[]];
