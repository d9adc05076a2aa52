import type { TokenDecision, TokenHookAnswer } from '../../core/ports/token-hook.ts';

/** The tenants of clients; in yours, a table or a service that knows them. */
const TENANTS: ReadonlyMap<string, string> = new Map([
  ['backend', 'acme'],
  ['reporter', 'globex'],
]);

/**
 * Says in each token whose client it is, and gives none that may write to a client that is nobody's.
 *
 * The same file is a hook of `signet serve --hook`, and of a deployed issuer as a Lambda with the handler `index.default`.
 */
export default async function decide({ client, scope }: TokenDecision): Promise<TokenHookAnswer> {
  const tenant = TENANTS.get(client.client_id);
  if (tenant !== undefined) return { claims: { tenant } };
  if (!scope.split(' ').includes('write')) return {};
  return { refuse: { error: 'invalid_scope', error_description: 'clients without a tenant may only read' } };
}
