import * as v from 'valibot';
import { AdditionalClaimsSchema } from './access-token/additional-claims.ts';
import type { Authorization, Grant } from './grants/grant.ts';
import type { Issuer } from './issuer.ts';
import { parseJsonDocument } from './json-document.ts';
import { TOKEN_HOOK_DESCRIPTION_MAX_CHARACTERS } from './limits.ts';
import { OAuthError } from './oauth-error.ts';
import {
  TOKEN_HOOK_REFUSALS,
  type TokenDecision,
  type TokenHook,
  TokenHookError,
} from './ports/token-hook.ts';
import type { RequestRecord } from './request-record.ts';
import { formatScope } from './scope.ts';
import { temporarilyUnavailable } from './temporarily-unavailable.ts';

/** As RFC 6749 §5.2 has it: printable ASCII without quote and backslash. */
const DescriptionSchema = v.pipe(
  v.string(),
  v.regex(
    /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/,
    'error_description is printable ASCII without quote and backslash',
  ),
  v.maxLength(
    TOKEN_HOOK_DESCRIPTION_MAX_CHARACTERS,
    `error_description has at most ${TOKEN_HOOK_DESCRIPTION_MAX_CHARACTERS} characters`,
  ),
);

/** One of the two at most: whoever writes both, or another word, means something that would not happen. */
const AnswerSchema = v.union(
  [
    v.strictObject({ claims: v.exactOptional(AdditionalClaimsSchema) }),
    v.strictObject({
      refuse: v.strictObject({
        error: v.exactOptional(v.picklist(TOKEN_HOOK_REFUSALS)),
        error_description: v.exactOptional(DescriptionSchema),
      }),
    }),
  ],
  'an answer is {}, {"claims": {…}} or {"refuse": {"error": …, "error_description": …}}',
);

/**
 * Asks the operator's hook about a token that was decided on, and adds the claims that it answers. There is no token without its answer:
 * one that fails must not be a way around it.
 *
 * @throws OAuthError as the hook refuses; `temporarily_unavailable` when it cannot be called, throws or takes too long; `server_error` for
 * an answer that is none
 */
export async function consultHook(
  hook: TokenHook,
  authorization: Authorization,
  { grant_type }: Pick<Grant, 'grant_type'>,
  { identifier }: Pick<Issuer, 'identifier'>,
  record: RequestRecord,
): Promise<Authorization> {
  record.hook = 'failed';
  const decision = { issuer: identifier, grant_type, ...describe(authorization) };
  const answer = parseAnswer(await ask(hook, decision));
  if ('refuse' in answer) {
    record.hook = 'refused';
    const { error = 'unauthorized_client', error_description = 'the issuer may give no such token' } =
      answer.refuse;
    throw new OAuthError(error, error_description, { reason: 'hook_refused' });
  }
  record.hook = answer.claims ? 'claims_added' : 'allowed';
  return answer.claims ? { ...authorization, claims: answer.claims } : authorization;
}

/** Member by member: what a client's record gets one day is told to nobody by that. */
function describe({
  client,
  resources,
  scope,
  confirmation,
  authorization_details,
  exchange,
}: Authorization): Omit<TokenDecision, 'issuer' | 'grant_type'> {
  const { client_id, client_name, client_id_issued_at, token_endpoint_auth_method: method } = client;
  const { subject, claims, roles, groups } = client;
  return {
    client: {
      client_id,
      ...(client_name === undefined ? {} : { client_name }),
      client_id_issued_at,
      ...(method === undefined ? {} : { token_endpoint_auth_method: method }),
      ...(subject === undefined ? {} : { subject }),
      ...(claims ? { claims } : {}),
      ...(roles ? { roles } : {}),
      ...(groups ? { groups } : {}),
    },
    resources: resources.map(({ resource }) => resource),
    scope: formatScope(scope),
    ...(confirmation ? { cnf: confirmation } : {}),
    ...(authorization_details ? { authorization_details } : {}),
    ...(exchange ? { exchange: exchange.claims } : {}),
  };
}

async function ask(hook: TokenHook, decision: TokenDecision): Promise<string> {
  try {
    return await hook.ask(decision);
  } catch (error) {
    if (!(error instanceof TokenHookError)) throw error;
    if (error.reason === 'hook_invalid_answer') throw invalidAnswer(error);
    throw temporarilyUnavailable(error, error.reason);
  }
}

function parseAnswer(text: string): v.InferOutput<typeof AnswerSchema> {
  const parsed = v.safeParse(AnswerSchema, readDocument(text));
  if (parsed.success) return parsed.output;
  throw invalidAnswer(new TokenHookError('hook_invalid_answer', parsed.issues[0].message));
}

/** A member that stands there twice, or is called `__proto__`, would be read one way here and another way elsewhere. */
function readDocument(text: string): unknown {
  try {
    return parseJsonDocument(text);
  } catch (cause) {
    throw invalidAnswer(new TokenHookError('hook_invalid_answer', 'the answer is no JSON object', cause));
  }
}

function invalidAnswer(cause: TokenHookError): OAuthError {
  return new OAuthError('server_error', 'something broke in the issuer: its log has the request id', {
    reason: cause.reason,
    cause,
  });
}
