// Every input is bounded. These are the bounds, each with its unit in its name and its reason above it.

/** RFC 6749 sets no length; this keeps a `client_id` a usable key in any store (DynamoDB allows 2048 bytes). */
export const CLIENT_ID_MAX_CHARACTERS = 255;

/** A resource identifier is a URI in a token's `aud`: it has to fit into a header next to everything else. */
export const RESOURCE_MAX_CHARACTERS = 512;

/** As many scopes as a client can sensibly hold for one resource; they all travel in each token. */
export const SCOPES_MAX = 100;
export const SCOPE_MAX_CHARACTERS = 128;

/** A client's resources live in one record, and a record has to stay small enough to be read for each token. */
export const CLIENT_RESOURCES_MAX = 50;

/** Each of them is in the token's `aud`, and each may use the token at the others: few are enough. */
export const TOKEN_RESOURCES_MAX = 5;

/** Each service on the way of a call adds itself, and all of them travel in the token: more than a few are a circle. */
export const TOKEN_ACTORS_MAX = 5;

/** Claims of an operator's own travel in each token, and are read with each record: those of a client, and those of a resource. */
export const CLAIMS_MAX_BYTES = 2_048;
export const CLAIMS_MAX_COUNT = 50;
export const CLAIMS_MAX_DEPTH = 5;

/** What an operator's hook answers: the claims that it may add, as it pleases to space them, are less. */
export const TOKEN_HOOK_ANSWER_MAX_BYTES = 8_192;

/** From the call to the last byte: the client waits for it, and it may take as long as a try of a call of AWS. */
export const TOKEN_HOOK_TIMEOUT_MILLISECONDS = 1_500;

/** A sentence for the developer of a client. */
export const TOKEN_HOOK_DESCRIPTION_MAX_CHARACTERS = 200;

/** The roles of a client at one resource, and its groups: they travel in each token too. */
export const ROLES_MAX = 20;
export const ROLE_MAX_CHARACTERS = 64;

/** Types of authorization details, whose schemas are read with their resource's record. */
export const AUTHORIZATION_DETAILS_TYPES_MAX = 10;
export const AUTHORIZATION_DETAILS_TYPE_MAX_CHARACTERS = 128;
export const AUTHORIZATION_DETAILS_SCHEMAS_MAX_BYTES = 8_192;
export const AUTHORIZATION_DETAILS_SCHEMA_MAX_DEPTH = 16;

/** Authorization details travel in the token as they were asked for. */
export const AUTHORIZATION_DETAILS_MAX_COUNT = 10;
export const AUTHORIZATION_DETAILS_MAX_BYTES = 2_048;
export const AUTHORIZATION_DETAILS_MAX_DEPTH = 7;

/** As OpenID Connect Core §2 bounds `sub`. */
export const SUBJECT_MAX_CHARACTERS = 255;

/** Two secrets overlap while one replaces the other: a third would be one that nobody rotates. */
export const ACTIVE_SECRETS_MAX = 2;

/** A token shorter than a minute dies of clock skew; one longer than a day is a password. */
export const ACCESS_TOKEN_LIFETIME_MIN_SECONDS = 60;
export const ACCESS_TOKEN_LIFETIME_MAX_SECONDS = 86_400;

/** Names and descriptions are for people's eyes. */
export const NAME_MAX_CHARACTERS = 200;

/** A page about a resource, for people's browsers. */
export const PAGE_URL_MAX_CHARACTERS = 512;

/** A form parameter that nobody defined costs parsing all the same. */
export const FORM_PARAMETERS_MAX = 64;

/**
 * How long a form may be at each endpoint. A request for a token is a few hundred bytes, and an assertion with a certificate
 * chain still fits; introspection has to say `{"active":false}` to garbage of any usual size rather than refuse it (RFC 7662 §2.2).
 */
export const FORM_MAX_BYTES = { token: 65_536, introspection: 2_097_152, revocation: 65_536 } as const;

/** How long anyone may keep the JWKS or the metadata: a key is published for longer than this before it signs. */
export const DOCUMENT_MAX_AGE_SECONDS = 300;

/** How long a function keeps the key set that it read. */
export const KEY_SET_MAX_AGE_SECONDS = 60;

/** From which age on it reads it anew while it goes on with the one that it has: requests that follow each other never wait for it. */
export const KEY_SET_REFRESH_AGE_SECONDS = 30;

/**
 * How long a function goes on with what it read of a store while that does not answer (RFC 5861 §4): most outages are over by then, and
 * what an operator took back, a client or a key, works no longer than this.
 */
export const STALE_IF_ERROR_MAX_SECONDS = 900;

/** How soon a store that did not answer is asked again: one caller in this time waits for it. */
export const STALE_IF_ERROR_RETRY_SECONDS = 5;

/** The longest that a function may be told to keep a client or resource: a disabled one should not get tokens for much longer. */
export const RECORD_CACHE_MAX_SECONDS = 300;

/**
 * How long a key stays in the key set after it left the JWKS: a clock that is some hours ahead, as of another time zone, so drops none that
 * others still need.
 */
export const SIGNING_KEY_KEPT_AFTER_SECONDS = 86_400;

/** Who makes a key publishes it within seconds, an operator whose machine fell asleep within hours: a day later nobody does any more. */
export const SIGNING_KEY_PUBLISHED_WITHIN_SECONDS = 86_400;

/** A key is to be gone before the one after it goes: a token lives for a day at most, and caches some minutes. */
export const KEY_ROTATION_PERIOD_MIN_SECONDS = 172_800;

/** All keys of an algorithm are one document with all others, and the JWKS is read by every API: more are keys that are made in vain. */
export const SIGNING_KEYS_MAX_PER_ALGORITHM = 10;

/** How far apart the clocks of issuer and verifier may be. */
export const CLOCK_SKEW_SECONDS = 60;

/** No token of Signet's is longer, with every scope a client can have in it: longer strings are not even decoded. */
export const ACCESS_TOKEN_MAX_CHARACTERS = 45_056;

/** Longer than what Signet makes by far, and short enough to hash for nothing. */
export const CLIENT_SECRET_MAX_CHARACTERS = 1_024;

/** What a guesser would need billions of years for, were it random: the least that an imported secret may have. */
export const IMPORTED_SECRET_MIN_CHARACTERS = 32;
export const IMPORTED_SECRET_MIN_DISTINCT_CHARACTERS = 12;

/** Keys overlap while one replaces the other, and each service of a client may have its own; all live in the client's record. */
export const CLIENT_JWKS_MAX_KEYS = 10;

/** What RFC 7518 §3.3 asks for at least, and what verifies in well under a millisecond at most. */
export const CLIENT_RSA_MODULUS_MIN_BITS = 2_048;
export const CLIENT_RSA_MODULUS_MAX_BITS = 8_192;

/** A name of a key, often a thumbprint or a UUID. */
export const KID_MAX_CHARACTERS = 255;

/** A URL of a client's keys or of an issuer: longer ones are no one's. */
export const URL_MAX_CHARACTERS = 512;

/** What others publish, keys for the most part: the sets with certificates in them are of some 30 kB. */
export const REMOTE_DOCUMENT_MAX_BYTES = 65_536;
export const REMOTE_JWKS_MAX_KEYS = 50;

/** From the look-up of the name to the last byte. A request reads three documents at most and reads one anew: it has 20 seconds. */
export const REMOTE_DOCUMENT_TIMEOUT_MILLISECONDS = 3_000;

/** How long a key works that its owner took out of its published set. */
export const REMOTE_DOCUMENT_MAX_AGE_SECONDS = 300;

/** How soon a new key may be looked for, and a document that could not be had: no caller can have a URL asked more often. */
export const REMOTE_DOCUMENT_RETRY_SECONDS = 30;

/** An assertion is some hundred characters; one with a certificate chain in its header still fits. */
export const CLIENT_ASSERTION_MAX_CHARACTERS = 16_384;

/** Libraries let assertions live for up to an hour; one that is longer good is a password, and is remembered as long. */
export const CLIENT_ASSERTION_LIFETIME_MAX_SECONDS = 3_600;

/** A proof has a key and a signature in it, RSA ones at most, and a nonce, which is a signature too. */
export const DPOP_PROOF_MAX_CHARACTERS = 16_384;

/** RFC 9449 §11.1 asks for seconds or minutes; the skew of clocks comes on top. */
export const DPOP_PROOF_LIFETIME_SECONDS = 60;

/** A name that is used once: 96 random bits or a UUID (RFC 9449 §4.2). */
export const DPOP_JTI_MAX_CHARACTERS = 255;

/** A new nonce comes each minute, and one is good for five: so long may a client be silent and need no second request. */
export const DPOP_NONCE_PERIOD_SECONDS = 60;
export const DPOP_NONCE_PERIODS = 5;

/** Tokens of other issuers, by which a workload tells who it is, live from minutes to a day. */
export const FOREIGN_JWT_LIFETIME_MAX_SECONDS = 86_400;

/** It is for the log alone, where tokens are looked for by it. */
export const FOREIGN_JTI_MAX_CHARACTERS = 255;

/** Of one client, in its record; as many as others allow. */
export const FEDERATED_CREDENTIALS_MAX = 20;

/** Subjects of other issuers name repositories, branches, roles. */
export const FOREIGN_SUBJECT_MAX_CHARACTERS = 512;
export const AUDIENCE_MAX_CHARACTERS = 512;

/** A secret that is meant to expire does so in some operator's time. */
export const CLIENT_SECRET_LIFETIME_MAX_SECONDS = 315_576_000;

/** A name in a certificate: more than any CA writes. */
export const CERTIFICATE_NAME_MAX_CHARACTERS = 1_024;

/** A certificate with an RSA key of 8,192 bits and many names fits in base64, and as many above it as chains have. */
export const CERTIFICATE_MAX_CHARACTERS = 16_384;
export const CERTIFICATE_CHAIN_MAX = 10;

/** A registration is some hundred characters; one with ten RSA keys and fifty resources still fits. */
export const REGISTRATION_MAX_BYTES = 65_536;

/** The keys of a JWK Set are three levels deep; a member that is not known may be a little deeper. */
export const REGISTRATION_MAX_LEVELS = 8;

/** A software statement is some hundred characters; one with keys in it still fits. */
export const SOFTWARE_STATEMENT_MAX_CHARACTERS = 16_384;
export const SOFTWARE_STATEMENT_ISSUERS_MAX = 10;

/** A token that more clients register by is one that everybody has; one that is good for longer than a year is forgotten. */
export const INITIAL_ACCESS_TOKEN_USES_MAX = 10_000;
export const INITIAL_ACCESS_TOKEN_LIFETIME_MAX_SECONDS = 31_622_400;

/** Whether a key is due is looked for once a day, and a day more is nothing to wake anybody for. */
export const KEY_ROTATION_GRACE_SECONDS = 172_800;

/** How long a key may sign that follows no period: longer is forgotten. */
export const KEY_AGE_MAX_SECONDS = 31_622_400;

/** How long before a secret expires its operator is told: long enough to give a client another. */
export const SECRET_EXPIRY_NOTICE_SECONDS = 1_209_600;

/** How long what a health check found is the answer: less than the half minute after which DNS asks again. */
export const HEALTH_CHECK_SECONDS = 10;
