import * as v from 'valibot';
import { SCOPE_MAX_CHARACTERS, SCOPES_MAX } from './limits.ts';
import { OAuthError } from './oauth-error.ts';

/** One scope-token (RFC 6749 §3.3): printable ASCII without space, `"` and `\`. */
export const ScopeSchema = v.pipe(
  v.string(),
  v.regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'a scope is printable ASCII without space, quote and backslash'),
  v.maxLength(SCOPE_MAX_CHARACTERS, `a scope has at most ${SCOPE_MAX_CHARACTERS} characters`),
  v.brand('Scope'),
);

export type Scope = v.InferOutput<typeof ScopeSchema>;

/** A set of scopes as a record keeps it. */
export const ScopesSchema = v.pipe(
  v.array(ScopeSchema),
  v.maxLength(SCOPES_MAX, `at most ${SCOPES_MAX} scopes`),
  v.check((scopes) => new Set(scopes).size === scopes.length, 'a scope stands in the list twice'),
);

/**
 * Reads a `scope` parameter: scope-tokens delimited by single spaces, order without meaning (RFC 6749 §3.3).
 *
 * @throws OAuthError `invalid_scope` when it is not of that grammar.
 */
export function parseScope(scope: string): ReadonlySet<Scope> {
  const tokens = scope.split(' ');
  if (tokens.length > SCOPES_MAX)
    throw new OAuthError('invalid_scope', `at most ${SCOPES_MAX} scopes a request`);
  return new Set(tokens.map(parseScopeToken));
}

function parseScopeToken(token: string): Scope {
  const parsed = v.safeParse(ScopeSchema, token);
  if (parsed.success) return parsed.output;
  throw new OAuthError(
    'invalid_scope',
    'scope is a list of printable ASCII words with one space between (RFC 6749 section 3.3)',
  );
}

/** Writes scopes as the `scope` parameter and claim have them: joined by spaces. */
export function formatScope(scopes: Iterable<Scope>): string {
  return [...scopes].join(' ');
}
