import * as v from 'valibot';
import { AccessTokenLifetimeSchema } from './access-token/access-token-lifetime.ts';
import { AdditionalClaimsSchema } from './access-token/additional-claims.ts';
import { RolesSchema } from './access-token/roles.ts';
import { AllowedAuthorizationDetailsSchema } from './authorization-details/allowed-authorization-details.ts';
import { CLIENT_AUTHENTICATION_METHODS, MUTUAL_TLS_METHODS } from './client-authentication/method-names.ts';
import { ClientIdSchema } from './client-id.ts';
import { ClientResourceSchema } from './client-resource.ts';
import { FederatedCredentialsSchema } from './federation/federated-credential.ts';
import { ForeignSubjectsSchema } from './federation/foreign-subject.ts';
import { HttpsUrlSchema } from './federation/https-url.ts';
import { GRANT_TYPES } from './grant-types.ts';
import { ALGS } from './jose/algorithms.ts';
import { ClientJwksSchema } from './jose/client-jwk.ts';
import { CLIENT_RESOURCES_MAX, NAME_MAX_CHARACTERS } from './limits.ts';
import { CERTIFICATE_NAMES } from './mutual-tls/certificate-names.ts';
import { InitialAccessTokenIdSchema } from './registration/initial-access-token.ts';
import { RegistrationPolicySchema } from './registration/registration-policy.ts';
import { ResourceIdentifierSchema } from './resource.ts';
import { SubjectSchema } from './subject.ts';

/** A secret as it is kept: its SHA-256, never itself. */
const StoredSecretSchema = v.strictObject({
  secret_id: v.string(),
  /** base64url of the SHA-256: enough for 256 random bits, which no dictionary holds. */
  sha256: v.string(),
  created_at: v.number(),
  /** Seconds since the epoch; never when absent. */
  expires_at: v.exactOptional(v.number()),
});

export type StoredSecret = v.InferOutput<typeof StoredSecretSchema>;

/** The client authentication methods that a client can be registered for (RFC 7591 §2). */
export const TOKEN_ENDPOINT_AUTH_METHODS = [
  ...CLIENT_AUTHENTICATION_METHODS,
  ...MUTUAL_TLS_METHODS,
  'none',
] as const;

/** Of a client that registered itself: by which token, as what at most, and the hash of the token that manages it (RFC 7592). */
const RegistrationSchema = v.strictObject({
  initial_access_token_id: InitialAccessTokenIdSchema,
  policy: RegistrationPolicySchema,
  /** base64url of the SHA-256 of its registration access token. */
  sha256: v.string(),
});

/** A list that is left out when there is nothing to say. */
function atLeastOne<const Item extends v.GenericSchema>(item: Item) {
  return v.pipe(
    v.array(item),
    v.minLength(1, 'it names at least one resource'),
    v.maxLength(CLIENT_RESOURCES_MAX, `it names at most ${CLIENT_RESOURCES_MAX} resources`),
  );
}

/** A client as it is stored and shown; names are those of RFC 7591 §2, and where it has none, of its style. */
export const ClientSchema = v.strictObject({
  client_id: ClientIdSchema,
  client_name: v.exactOptional(
    v.pipe(
      v.string(),
      v.maxLength(NAME_MAX_CHARACTERS, `a name has at most ${NAME_MAX_CHARACTERS} characters`),
    ),
  ),
  client_id_issued_at: v.number(),
  /** Either method that shows a secret when absent; `none` makes a public client, which gets no token here. */
  token_endpoint_auth_method: v.exactOptional(v.picklist(TOKEN_ENDPOINT_AUTH_METHODS)),
  grant_types: v.array(v.picklist(GRANT_TYPES)),
  /** The resources it may have tokens for; a request that names none means `default_resource`, or the only one. */
  resources: v.pipe(
    v.array(ClientResourceSchema),
    v.maxLength(CLIENT_RESOURCES_MAX, `a client has at most ${CLIENT_RESOURCES_MAX} resources`),
  ),
  default_resource: v.exactOptional(ResourceIdentifierSchema),
  /** The resources whose tokens it may exchange (RFC 8693 §2.1): its own, as a rule. */
  token_exchange_subject_resources: v.exactOptional(atLeastOne(ResourceIdentifierSchema)),
  /** Of whom it may exchange tokens that other issuers made. */
  token_exchange_foreign_subjects: v.exactOptional(ForeignSubjectsSchema),
  /** What it may exchange them for. */
  token_exchange_resources: v.exactOptional(atLeastOne(ClientResourceSchema)),
  /** Whether it may exchange a token for one that does not name it as actor (RFC 8693 §1.1). */
  token_exchange_impersonation: v.exactOptional(v.boolean()),
  /** Seconds; the shorter of this and the resource's counts. */
  access_token_lifetime: v.exactOptional(AccessTokenLifetimeSchema),
  /** The `sub` of its tokens; its `client_id` when absent. */
  subject: v.exactOptional(SubjectSchema),
  /** Who alone may act for it by its tokens (RFC 8693 §4.4). */
  may_act: v.exactOptional(v.strictObject({ sub: SubjectSchema })),
  /** What its tokens say besides, and its roles and groups at each resource. */
  claims: v.exactOptional(AdditionalClaimsSchema),
  roles: v.exactOptional(RolesSchema),
  groups: v.exactOptional(RolesSchema),
  /** Whether each of its tokens has to be bound to a key by a DPoP proof (RFC 9449 §5.2). */
  dpop_bound_access_tokens: v.exactOptional(v.boolean()),
  /** The types of authorization details that it may use at each resource (RFC 9396 §10 has them for all resources together). */
  authorization_details_types: v.exactOptional(AllowedAuthorizationDetailsSchema),
  /** What introspection responses for it are signed with, when it asks for such (RFC 9701 §6). */
  introspection_signed_response_alg: v.exactOptional(v.picklist(ALGS)),
  client_secrets: v.array(StoredSecretSchema),
  /** The public keys of a client that proves itself by a private one, and what its certificates are called (RFC 7591 §2). */
  jwks: v.exactOptional(ClientJwksSchema),
  /** Where such a client publishes them instead: it has one of the two (RFC 7591 §2). */
  jwks_uri: v.exactOptional(HttpsUrlSchema),
  /** Whom such a client trusts to tell who it is, when it has no keys of its own. */
  federated_credentials: v.exactOptional(FederatedCredentialsSchema),
  ...CERTIFICATE_NAMES,
  /** Whether its tokens are bound to the certificate that it shows, whatever it authenticates by (RFC 8705 §3.4). */
  tls_client_certificate_bound_access_tokens: v.exactOptional(v.boolean()),
  /** How it registered itself; absent when an operator made it. */
  registration: v.exactOptional(RegistrationSchema),
  /** Seconds since the epoch: no token of the client that was issued by then is active. */
  tokens_revoked_at: v.exactOptional(v.number()),
  enabled: v.boolean(),
  version: v.number(),
});

export type Client = v.InferOutput<typeof ClientSchema>;

/** The `sub` of what a client does for itself (RFC 9068 §2.2). */
export function subjectOf({ subject, client_id }: Client): string {
  return subject ?? client_id;
}
