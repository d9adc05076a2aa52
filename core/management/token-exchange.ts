import type { Client } from '../client.ts';
import type { ResourceStore } from '../ports/record-store.ts';
import { invalidClientMetadata } from './invalid-client-metadata.ts';
import type { MetadataChange } from './metadata-change.ts';
import { refuseTwice, requireAccess } from './requested-access.ts';

/** The members of a client that say what it may exchange (RFC 8693). */
export type TokenExchangeMetadata = MetadataChange<
  | 'token_exchange_subject_resources'
  | 'token_exchange_foreign_subjects'
  | 'token_exchange_resources'
  | 'token_exchange_impersonation'
>;

/**
 * Checks what a client is told to exchange: one part of it alone would do nothing.
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export async function checkTokenExchange(
  client: Client,
  change: TokenExchangeMetadata,
  resources: ResourceStore,
): Promise<void> {
  const subjects = client.token_exchange_subject_resources ?? [];
  const targets = client.token_exchange_resources ?? [];
  const foreign = client.token_exchange_foreign_subjects ?? [];
  if (subjects.length + foreign.length > 0 !== targets.length > 0) {
    throw invalidClientMetadata(
      'token_exchange_resources, token_exchange_subject_resources (or token_exchange_foreign_subjects): a client has both or neither',
    );
  }
  if (client.token_exchange_impersonation && targets.length === 0) {
    throw invalidClientMetadata('token_exchange_impersonation: the client exchanges no tokens');
  }
  refuseTwice('token_exchange_subject_resources', subjects);
  refuseTwice(
    'token_exchange_resources',
    targets.map(({ resource }) => resource),
  );
  // Only what is being given: a resource that was deleted since is no reason to refuse another change.
  if (change.token_exchange_subject_resources !== undefined) {
    const access = subjects.map((resource) => ({ resource, scope: [] }));
    await requireAccess('token_exchange_subject_resources', access, resources);
  }
  if (change.token_exchange_resources !== undefined) {
    await requireAccess('token_exchange_resources', targets, resources);
  }
}
