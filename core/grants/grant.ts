import type { Client } from '../client.ts';
import type { Confirmation } from '../confirmation.ts';
import type { FormParameters } from '../form.ts';
import type { Resources } from '../resource.ts';
import type { Scope } from '../scope.ts';

/** What a grant decided: everything that the access token will say. */
export interface Authorization {
  readonly client: Client;
  readonly resources: Resources;
  readonly scope: ReadonlySet<Scope>;
  /** What the token is bound to; a bearer token when absent. */
  readonly confirmation?: Confirmation;
}

/** Binds what a grant decided to keys as well; where it is bound already, to these and those. */
export function bindTo(confirmation: Confirmation | undefined, authorization: Authorization): Authorization {
  if (!confirmation) return authorization;
  return { ...authorization, confirmation: { ...authorization.confirmation, ...confirmation } };
}

/** One way to get a token (RFC 6749 §1.3): a pure decision, one file each, and a row in the table. */
export interface Grant {
  readonly grant_type: Client['grant_types'][number];
  /** @throws OAuthError when the request asks for more than the client may have. */
  authorize(client: Client, resources: Resources, parameters: FormParameters): Authorization;
}
