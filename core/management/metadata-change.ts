import * as v from 'valibot';
import { OAuthError } from '../oauth-error.ts';

/** What an operator says of some members, unchecked: undefined leaves a member as it is, null takes it away. */
export type MetadataChange<Member extends string> = { readonly [M in Member]?: unknown };

/**
 * Refuses a change that changes nothing: whoever asked for it misspelt something, or forgot it.
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export function requireChange(change: MetadataChange<string>): void {
  if (Object.values(change).some((value) => value !== undefined)) return;
  throw new OAuthError('invalid_client_metadata', 'nothing is to be changed: say what, as --help tells');
}

/**
 * Makes a record of the one before it and a change, and checks the whole.
 *
 * @throws OAuthError `invalid_client_metadata` (RFC 7591 §3.2.2) that says which member to change and how
 */
export function applyChange<Item>(
  schema: v.GenericSchema<unknown, Item>,
  before: object,
  change: MetadataChange<string>,
): Item {
  const said = Object.entries(change).filter(([, value]) => value !== undefined);
  const members = Object.entries({ ...before, ...Object.fromEntries(said) }).filter(
    ([, value]) => value !== null,
  );
  const parsed = v.safeParse(schema, Object.fromEntries(members));
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new OAuthError('invalid_client_metadata', `${v.getDotPath(issue)}: ${issue.message}`);
}
