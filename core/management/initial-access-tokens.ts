import { INITIAL_ACCESS_TOKEN_LIFETIME_MAX_SECONDS, INITIAL_ACCESS_TOKEN_USES_MAX } from '../limits.ts';
import { OAuthError } from '../oauth-error.ts';
import {
  createInitialAccessToken,
  type InitialAccessToken,
  type InitialAccessTokenId,
  InitialAccessTokenSchema,
  initialAccessTokenId,
} from '../registration/initial-access-token.ts';
import { createRecord, deleteRecord } from './change-record.ts';
import { applyChange, type MetadataChange } from './metadata-change.ts';
import type { ManagementPorts } from './ports.ts';
import { requireAccess } from './requested-access.ts';

/** How a new initial access token is to be; members that are undefined are not said. */
export interface InitialAccessTokenRequest {
  readonly name?: string | undefined;
  /** How many clients may register by it. */
  readonly uses: number;
  readonly expiresInSeconds: number;
  readonly policy: MetadataChange<keyof InitialAccessToken['policy']>;
}

type Ports = Pick<ManagementPorts, 'initialAccessTokens' | 'resources' | 'clock'>;

/**
 * Makes an initial access token (RFC 7591 §1.2), which is shown this once.
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export async function addInitialAccessToken(
  { name, uses, expiresInSeconds, policy }: InitialAccessTokenRequest,
  { initialAccessTokens, resources, clock }: Ports,
): Promise<{ readonly initial_access_token: string; readonly stored: InitialAccessToken }> {
  requireUses(uses);
  requireLifetime(expiresInSeconds);
  const initial_access_token = createInitialAccessToken();
  const said = Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined));
  const stored = applyChange(
    InitialAccessTokenSchema,
    { initial_access_token_id: initialAccessTokenId(initial_access_token), created_at: clock(), version: 1 },
    { name, uses_left: uses, expires_at: clock() + expiresInSeconds, policy: said },
  );
  await requireAccess('resources', stored.policy.resources, resources);
  await createRecord('initial-access-token', stored.initial_access_token_id, initialAccessTokens, stored);
  return { initial_access_token, stored };
}

/**
 * Revokes an initial access token: no client registers by it any more. Those that did stay.
 *
 * @throws OAuthError `not_found`, or `conflict` when clients keep registering by it
 */
export function revokeInitialAccessToken(
  id: InitialAccessTokenId,
  { initialAccessTokens }: Pick<Ports, 'initialAccessTokens'>,
): Promise<void> {
  return deleteRecord('initial-access-token', id, initialAccessTokens);
}

/** An initial access token as operators see it. */
export function describeInitialAccessToken({
  version,
  ...token
}: InitialAccessToken): Omit<InitialAccessToken, 'version'> {
  return token;
}

function requireUses(uses: number): void {
  if (uses >= 1 && uses <= INITIAL_ACCESS_TOKEN_USES_MAX) return;
  throw new OAuthError(
    'invalid_client_metadata',
    `an initial access token is good for 1 to ${INITIAL_ACCESS_TOKEN_USES_MAX} uses`,
  );
}

function requireLifetime(seconds: number): void {
  if (seconds >= 1 && seconds <= INITIAL_ACCESS_TOKEN_LIFETIME_MAX_SECONDS) return;
  throw new OAuthError('invalid_client_metadata', 'an initial access token lives a second to 366 days');
}
