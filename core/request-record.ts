/**
 * What the request log says of one request, filled in as the request goes along. No secret and no token may ever stand here;
 * `client_id` is that of a client which exists, for a caller may have sent its secret where its id belongs.
 */
export interface RequestRecord {
  client_id?: string;
  /** First 16 hex digits of the SHA-256 of a `client_id` that no client has: enough to look for a known one. */
  unknown_client_id_sha256?: string;
  /** By which a client registers itself: what it is kept under, and not the token. */
  initial_access_token_id?: string;
  auth_method?: string;
  /** Seconds that the secret which the client authenticated by is still good for; absent for one that never expires. */
  secret_expires_in?: number;
  /** Who told who the client is, and of whom: of an assertion that another issuer made. */
  assertion_issuer?: string;
  assertion_subject?: string;
  grant_type?: string;
  resource?: string;
  scope?: string;
  /** The types of the authorization details that were granted, with spaces between; never what they say. */
  authorization_details_types?: string;
  /** What the operator's hook did: `allowed`, `claims_added`, `refused`, or `failed` when it gave no answer. */
  hook?: string;
  alg?: string;
  kid?: string;
  /** Seconds since the key that signed the token began to sign. */
  key_age?: number;
  jti?: string;
  /** Token exchange: the `jti` of the subject token. */
  subject_jti?: string;
  /** Seconds that the issued token lives. */
  expires_in?: number;
  /** Introspection: whether the caller was told that the token is active. */
  active?: boolean;
  /** Why a token is not active, or a request was refused. */
  reason?: string;
}
