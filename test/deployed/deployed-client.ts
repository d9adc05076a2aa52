import * as v from 'valibot';
import { signetJson } from '../support/signet.ts';

/** A client of a deployed issuer that may `read` a resource of its own, and introspect the tokens for it. */
export interface DeployedClient {
  readonly client_id: string;
  readonly client_secret: string;
  readonly scope: 'read';
}

/** Creates such a client, and its resource, in a stack. */
export async function createDeployedClient(stack: string, client_id: string): Promise<DeployedClient> {
  const resource = `https://${client_id}.example.com`;
  const scope = 'read';
  const signet = (...args: readonly string[]) => signetJson([...args, '--stack', stack]);
  await signet('resources', 'create', resource, '--scopes', scope, '--introspected-by', client_id);
  const created = await signet('clients', 'create', client_id, '--resource', `${resource} ${scope}`);
  return { ...v.parse(v.object({ client_id: v.string(), client_secret: v.string() }), created), scope };
}
