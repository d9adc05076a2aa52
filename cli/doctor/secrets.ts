import type { Client } from '../../core/client.ts';
import { isSecretActive } from '../../core/client-secret.ts';
import { SECRET_EXPIRY_NOTICE_SECONDS } from '../../core/limits.ts';
import { listAll } from '../../core/management/list-all.ts';
import type { Check, Fault } from './check.ts';

/** Whether each client that has secrets will have one in two weeks. */
export const secrets: Check = {
  name: 'secrets',
  well: 'each client that has secrets will have one in two weeks',
  async findFaults({ name, clock, store }) {
    const clients = await listAll(store.clients);
    return clients.filter(({ enabled }) => enabled).flatMap((client) => checkClient(client, clock(), name));
  },
};

function checkClient({ client_id, client_secrets }: Client, now: number, stack: string): readonly Fault[] {
  if (client_secrets.some((secret) => isSecretActive(secret, now + SECRET_EXPIRY_NOTICE_SECONDS))) return [];
  const last = Math.max(...client_secrets.map(({ expires_at = now }) => expires_at));
  if (client_secrets.length === 0) return [];
  return [
    {
      found: `the last secret of ${client_id} ${last <= now ? 'expired' : 'expires'} at ${new Date(last * 1000).toISOString()}`,
      mend: `give it another: signet clients secrets add ${client_id} --stack ${stack}`,
    },
  ];
}
