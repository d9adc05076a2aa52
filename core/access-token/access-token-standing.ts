import type { Client } from '../client.ts';
import type { Issuer } from '../issuer.ts';
import type { ResourceReader } from '../ports/record-store.ts';
import type { TokenReader } from '../ports/token-store.ts';
import type { Resource } from '../resource.ts';
import type { AccessTokenClaims } from './access-token-claims.ts';
import { isReferenceToken } from './reference-token.ts';

/** What it takes beside a token to tell whether it is still good. */
export interface AccessTokenStanding {
  /** Those of its resources that are there. */
  readonly resources: readonly Resource[];
  readonly client: Client | undefined;
  readonly revoked: boolean;
}

/** Finds the resources and the client of a token, and whether it was revoked, all at once. */
export async function findStanding(
  token: string,
  { aud, client_id, jti }: AccessTokenClaims,
  issuer: Pick<Issuer, 'clients' | 'resources'> & { readonly tokens: TokenReader },
): Promise<AccessTokenStanding> {
  const [client, revoked, resources] = await Promise.all([
    issuer.clients.find(client_id),
    // Of a reference token that was asked together with its claims.
    !isReferenceToken(token) && issuer.tokens.isRevoked(jti),
    findAudience(aud, issuer.resources),
  ]);
  return { resources, client, revoked };
}

async function findAudience(
  aud: AccessTokenClaims['aud'],
  resources: ResourceReader,
): Promise<readonly Resource[]> {
  const found =
    typeof aud === 'string'
      ? [await resources.find(aud)]
      : await Promise.all(aud.map((identifier) => resources.find(identifier)));
  return found.filter((resource) => resource !== undefined);
}

/** Why a token is not good any more at those of its resources that whoever asks has to do with; undefined when it is. */
export function refusalByStanding(
  claims: AccessTokenClaims,
  { client, revoked }: AccessTokenStanding,
  resources: readonly Resource[],
): string | undefined {
  if (!resources.some((resource) => resource.enabled)) return 'resource_disabled';
  if (!client?.enabled) return 'client_disabled';
  if (wasRevokedWithAll(claims, client)) return 'client_tokens_revoked';
  return revoked ? 'revoked' : undefined;
}

/** A token of the very second in which its client's were revoked may have been issued before that. */
function wasRevokedWithAll({ iat }: AccessTokenClaims, { tokens_revoked_at }: Client): boolean {
  return tokens_revoked_at !== undefined && iat <= tokens_revoked_at;
}
