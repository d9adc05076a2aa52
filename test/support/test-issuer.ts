import type { Client } from '../../core/client.ts';
import type { Issuer } from '../../core/issuer.ts';
import type { Alg } from '../../core/jose/algorithms.ts';
import type { JsonObject } from '../../core/json-object.ts';
import { createClient } from '../../core/management/clients.ts';
import type { ManagementPorts } from '../../core/management/ports.ts';
import { createResource } from '../../core/management/resources.ts';
import { publishSigningKey } from '../../core/management/signing-keys.ts';
import { type MemoryPorts, memoryDocuments, memoryPorts } from './memory-ports.ts';

/** The resource that a test issuer knows. */
export const RESOURCE = 'https://api.example.com';
const SCOPES = ['read', 'write'];

/** An issuer in this process, with a resource, and a client that may have tokens for it and introspect them. */
export interface TestIssuer
  extends MemoryPorts,
    Pick<Issuer, 'identifier' | 'defaultAlg' | 'accessTokenLifetimeSeconds' | 'documents' | 'clock'> {
  /** What others publish, by its URL. */
  readonly published: Map<string, JsonObject>;
  /** What its clock tells: tests set it, so that none waits. */
  readonly time: { now: number };
  readonly client: Client;
  readonly client_secret: string;
}

/** Makes an issuer with a key for each of these algorithms. */
export async function createTestIssuer(algs: readonly [Alg, ...Alg[]] = ['ES256']): Promise<TestIssuer> {
  const time = { now: 1_800_000_000 };
  const clock = () => time.now;
  const ports = memoryPorts(clock);
  const published = new Map<string, JsonObject>();
  const issuer = {
    ...ports,
    published,
    documents: memoryDocuments(published),
    time,
    clock,
    identifier: 'https://auth.example.com',
    defaultAlg: algs[0],
    accessTokenLifetimeSeconds: 3_600,
  };
  for (const alg of algs) await publishSigningKey(await ports.createSigningKey(alg), issuer);
  const introspectedBy = { scopes_supported: SCOPES, introspection_client_ids: ['backend'] };
  await createResource(RESOURCE, introspectedBy, issuer);
  return { ...issuer, ...(await addClient('backend', issuer)) };
}

/** Adds a client that may have every scope of the resource, with a secret of Signet's making. */
export async function addClient(
  client_id: string,
  issuer: Pick<ManagementPorts, 'clients' | 'resources' | 'clock'>,
): Promise<Pick<TestIssuer, 'client' | 'client_secret'>> {
  const metadata = { resources: [{ resource: RESOURCE, scope: SCOPES }] };
  const { client, secret } = await createClient(client_id, metadata, {}, issuer);
  if (!secret) throw new Error('a confidential client was made without a secret');
  return { client, client_secret: secret.client_secret };
}
