/** The error codes that Signet answers, each with the HTTP status it goes out with. */
const STATUS_BY_CODE = {
  // RFC 6749 §5.2
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  invalid_scope: 400,
  // RFC 8707 §2
  invalid_target: 400,
  // RFC 9449 §5, §8
  invalid_dpop_proof: 400,
  use_dpop_nonce: 400,
  // RFC 9396 §5
  invalid_authorization_details: 400,
  // RFC 7591 §3.2.2
  invalid_client_metadata: 400,
  invalid_software_statement: 400,
  unapproved_software_statement: 400,
  // RFC 6750 §3.1
  invalid_token: 401,
  // RFC 6749 §4.1.2.1 names these; HTTP gives them their status.
  server_error: 500,
  temporarily_unavailable: 503,
  access_denied: 403,
  // Not of OAuth: answers for paths, methods and records that are not there.
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
} as const satisfies Record<string, number>;

export type OAuthErrorCode = keyof typeof STATUS_BY_CODE;

interface OAuthErrorOptions {
  /** Why, precisely: for the log only, never for the caller. */
  readonly reason?: string;
  /** What made it fail: for the log only. */
  readonly cause?: unknown;
  /** What `WWW-Authenticate` asks for: Basic by a 401, where nothing else is said (RFC 9110 §11.6.1). */
  readonly challenge?: string;
  /** The methods a 405 lists in `Allow` (RFC 9110 §15.5.6). */
  readonly allow?: readonly string[];
  /** Seconds after which to try again, for `Retry-After` (RFC 9110 §10.2.3). */
  readonly retryAfterSeconds?: number;
}

/**
 * The one way Signet refuses: `code` and `description` go to the caller, `reason` and `cause` to the log (RFC 6749 §5.2).
 *
 * It is thrown where the fault is found and made into HTTP only at the edge, or into a sentence and an exit code by the CLI.
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly code: OAuthErrorCode;
  readonly description: string;
  readonly reason: string | undefined;
  readonly challenge: string | undefined;
  readonly allow: readonly string[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: OAuthErrorCode, description: string, options: OAuthErrorOptions = {}) {
    super(`${code}: ${description}`, { cause: options.cause });
    this.code = code;
    this.description = description;
    this.reason = options.reason;
    this.challenge = options.challenge;
    this.allow = options.allow;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** The HTTP status that the code goes out with. */
  get status(): number {
    return STATUS_BY_CODE[this.code];
  }
}
