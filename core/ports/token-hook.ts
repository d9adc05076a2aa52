import type { AccessTokenClaims } from '../access-token/access-token-claims.ts';
import type { AdditionalClaims } from '../access-token/additional-claims.ts';
import type { Confirmation } from '../access-token/confirmation.ts';
import type { Client } from '../client.ts';

/** What an operator's hook is told of a token before there is one: what was decided, and never a token, a secret or a hash of either. */
export interface TokenDecision {
  readonly issuer: string;
  readonly grant_type: Client['grant_types'][number];
  readonly client: Pick<
    Client,
    | 'client_id'
    | 'client_name'
    | 'client_id_issued_at'
    | 'token_endpoint_auth_method'
    | 'subject'
    | 'claims'
    | 'roles'
    | 'groups'
  >;
  /** The identifiers of what the token is for. */
  readonly resources: readonly string[];
  /** Words with spaces between; none when it is empty. */
  readonly scope: string;
  /** The thumbprints of the keys that the token is bound to. */
  readonly cnf?: Confirmation;
  readonly authorization_details?: AccessTokenClaims['authorization_details'];
  /** Of a token exchange: whom the token is about, and who acts. */
  readonly exchange?: Pick<AccessTokenClaims, 'sub' | 'act' | 'may_act'>;
}

/** What a hook answers: that the token may be as it is, what it says besides, or that there is to be none. */
export type TokenHookAnswer =
  | { readonly claims?: AdditionalClaims }
  | { readonly refuse: { readonly error?: TokenHookRefusal; readonly error_description?: string } };

/** As what a hook may refuse (RFC 6749 §5.2): the client did authenticate, and the grant is one that it has. */
export const TOKEN_HOOK_REFUSALS = [
  'unauthorized_client',
  'invalid_request',
  'invalid_grant',
  'invalid_scope',
] as const;

export type TokenHookRefusal = (typeof TOKEN_HOOK_REFUSALS)[number];

/** Asks an operator's own code about a token: at most as long, and for an answer of at most as many bytes, as the limits have it. */
export interface TokenHook {
  /**
   * The answer as JSON, nothing of it checked but its length.
   *
   * @throws TokenHookError when there is none
   */
  ask(decision: TokenDecision): Promise<string>;
}

/** Why there is no answer of a hook, as the request log has it. */
export type TokenHookFault =
  /** It could not be called, or threw. */
  | 'hook_failed'
  /** It took too long. */
  | 'hook_timeout'
  /** It answered what is no answer. */
  | 'hook_invalid_answer';

/** A hook that gave no answer: its message is for the log, never for a caller. */
export class TokenHookError extends Error {
  override readonly name = 'TokenHookError';
  readonly reason: TokenHookFault;

  constructor(reason: TokenHookFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}
