import type { AccessTokenClaims } from '../access-token/access-token-claims.ts';
import type { AdditionalClaims } from '../access-token/additional-claims.ts';
import type { Confirmation } from '../access-token/confirmation.ts';
import type { Client } from '../client.ts';
import type { FormParameters } from '../form.ts';
import type { Issuer } from '../issuer.ts';
import type { TokenReader } from '../ports/token-store.ts';
import type { Resources } from '../resource.ts';
import type { Scope } from '../scope.ts';

/** What a grant decided: everything that the access token will say. */
export interface Authorization {
  readonly client: Client;
  readonly resources: Resources;
  readonly scope: ReadonlySet<Scope>;
  /** What the token is bound to; a bearer token when absent. */
  readonly confirmation?: Confirmation;
  /** Whom the client asks for; itself when absent. */
  readonly exchange?: Exchange;
  /** What the request says in detail, granted as it is (RFC 9396). */
  readonly authorization_details?: AccessTokenClaims['authorization_details'];
  /** What the token says besides what its client and resources have it say: of the operator's hook. */
  readonly claims?: AdditionalClaims;
}

/** Binds what a grant decided to keys as well; where it is bound already, to these and those. */
export function bindTo(confirmation: Confirmation | undefined, authorization: Authorization): Authorization {
  if (!confirmation) return authorization;
  return { ...authorization, confirmation: { ...authorization.confirmation, ...confirmation } };
}

/** What a token takes over from the one that it was exchanged for (RFC 8693). */
export interface Exchange {
  readonly issued_token_type: string;
  readonly claims: Pick<AccessTokenClaims, 'sub' | 'act' | 'may_act'>;
  /** Seconds since the epoch: it lives no longer, whatever its resource and client say. */
  readonly expiresBy: number;
  /** By which the log knows the subject token. */
  readonly subject_jti?: string;
}

/** The part of an issuer that grants may ask. */
export type GrantPorts = Pick<
  Issuer,
  'identifier' | 'clients' | 'resources' | 'signingKeys' | 'documents' | 'clock'
> & {
  readonly tokens: TokenReader;
};

/** One way to get a token (RFC 6749 §1.3): one file each, and a row in the table. */
export interface Grant {
  readonly grant_type: Client['grant_types'][number];
  /** The resources that a client may have tokens for by this grant. */
  accessOf(client: Client): Pick<Client, 'resources' | 'default_resource'>;
  /** @throws OAuthError when the request asks for more than the client may have. */
  authorize(
    client: Client,
    resources: Resources,
    parameters: FormParameters,
    issuer: GrantPorts,
  ): Authorization | Promise<Authorization>;
}
