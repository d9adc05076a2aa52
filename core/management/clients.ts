import { type Client, ClientSchema } from '../client.ts';
import { type ClientId, createClientId } from '../client-id.ts';
import { CLIENT_CREDENTIALS, GRANT_TYPES, TOKEN_EXCHANGE } from '../grant-types.ts';
import type { CERTIFICATE_NAMES } from '../mutual-tls/certificate-names.ts';
import type { ResourceStore } from '../ports/record-store.ts';
import { changeRecord, createRecord, deleteRecord } from './change-record.ts';
import { requireCertificateMetadata } from './client-certificates.ts';
import { firstSecret, type NewSecret, requireUsableSecrets, type SecretRequest } from './client-secrets.ts';
import { invalidClientMetadata } from './invalid-client-metadata.ts';
import { applyChange, type MetadataChange, requireChange } from './metadata-change.ts';
import type { ManagementPorts } from './ports.ts';
import { refuseTwice, requireAccess } from './requested-access.ts';
import { checkTokenExchange, type TokenExchangeMetadata } from './token-exchange.ts';

/** The members of a client that its operator decides. */
export type ClientMetadata = MetadataChange<
  | 'client_name'
  | 'token_endpoint_auth_method'
  | 'resources'
  | 'default_resource'
  | 'access_token_lifetime'
  | 'jwks'
  | 'jwks_uri'
  | 'federated_credentials'
  | keyof typeof CERTIFICATE_NAMES
  | 'tls_client_certificate_bound_access_tokens'
  | 'subject'
  | 'may_act'
  | keyof TokenExchangeMetadata
  | 'claims'
  | 'roles'
  | 'groups'
  | 'dpop_bound_access_tokens'
  | 'registration'
  | 'introspection_signed_response_alg'
  | 'authorization_details_types'
>;

type Ports = Pick<ManagementPorts, 'clients' | 'resources' | 'clock' | 'secretDerivation'>;

/**
 * Creates a client; one that authenticates by secret comes with its first secret, which is shown this once.
 *
 * @throws OAuthError `invalid_client_metadata`, or `conflict` when the identifier is taken
 */
export async function createClient(
  identifier: string | undefined,
  metadata: ClientMetadata,
  secret: SecretRequest,
  ports: Ports,
): Promise<{ readonly client: Client; readonly secret?: NewSecret }> {
  const now = ports.clock();
  const client_id = identifier ?? createClientId();
  const { token_endpoint_auth_method } = metadata;
  const first = await firstSecret({ client_id, token_endpoint_auth_method }, secret, ports);
  const made = {
    client_id,
    client_id_issued_at: now,
    resources: [],
    client_secrets: first ? [first.stored] : [],
    enabled: true,
    version: 1,
  };
  const client = await checkClient(made, metadata, ports);
  await createRecord('client', client.client_id, ports.clients, client);
  return { client, ...(first ? { secret: first } : {}) };
}

/**
 * Changes what is said of a client.
 *
 * @throws OAuthError `not_found`, `invalid_client_metadata`, or `conflict`
 */
export function updateClient(client_id: ClientId, metadata: ClientMetadata, ports: Ports): Promise<Client> {
  return changeRecord('client', client_id, ports.clients, async (client) => {
    requireChange(metadata);
    const changed = await checkClient(client, metadata, ports);
    requireUsableSecrets(client, changed);
    return changed;
  });
}

/** Enables or disables a client: a disabled one gets no token, and those it has introspect as inactive. */
export function setClientEnabled(
  client_id: ClientId,
  enabled: boolean,
  { clients }: Pick<ManagementPorts, 'clients'>,
): Promise<Client> {
  return changeRecord('client', client_id, clients, (client) => ({ ...client, enabled }));
}

/** Revokes all tokens that a client has by now; the next second's are good again. */
export function revokeClientTokens(
  client_id: ClientId,
  { clients, clock }: Pick<ManagementPorts, 'clients' | 'clock'>,
): Promise<Client> {
  return changeRecord('client', client_id, clients, (client) => ({ ...client, tokens_revoked_at: clock() }));
}

/** Deletes a client with its secrets. */
export function deleteClient(
  client_id: ClientId,
  { clients }: Pick<ManagementPorts, 'clients'>,
): Promise<void> {
  return deleteRecord('client', client_id, clients);
}

/**
 * Makes a client of what it was and a change, and checks the whole.
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export async function checkClient(
  before: object,
  metadata: ClientMetadata,
  { resources }: Pick<Ports, 'resources'>,
): Promise<Client> {
  // A client without resources asks for no tokens: it only introspects those of others.
  const client = applyChange(ClientSchema, { ...before, grant_types: [] }, metadata);
  requireKeys(client);
  requireCertificateMetadata(client);
  const identifiers = client.resources.map((entry) => entry.resource);
  refuseTwice('resources', identifiers);
  if (client.default_resource !== undefined && !identifiers.includes(client.default_resource)) {
    throw invalidClientMetadata('default_resource: it is none of the resources of the client');
  }
  for (const member of OF_RESOURCES) requireOwnResources(member, client);
  // Only what is being given: a resource that was deleted since is no reason to refuse another change.
  if (metadata.resources !== undefined) {
    await requireAccess('resources', client.resources, resources);
  }
  if (metadata.authorization_details_types !== undefined) {
    const given = client.authorization_details_types ?? [];
    await Promise.all(given.map((entry) => requireDetailsTypes(entry, resources)));
  }
  await checkTokenExchange(client, metadata, resources);
  return { ...client, grant_types: grantTypesOf(client) };
}

function grantTypesOf({ resources, token_exchange_resources }: Client): Client['grant_types'] {
  const isRegisteredFor = {
    [CLIENT_CREDENTIALS]: resources.length > 0,
    [TOKEN_EXCHANGE]: token_exchange_resources !== undefined,
  };
  return GRANT_TYPES.filter((grant_type) => isRegisteredFor[grant_type]);
}

function requireKeys(client: Client): void {
  const [one, other] = (['jwks', 'jwks_uri', 'federated_credentials'] as const).filter(
    (member) => client[member] !== undefined,
  );
  if (other)
    throw invalidClientMetadata(`${other}: the client has ${one} as well: a client is known in one way`);
  if (client.token_endpoint_auth_method === 'private_key_jwt' && !one) {
    throw invalidClientMetadata('jwks: a client with private_key_jwt needs its public keys');
  }
}

/** What a client has at some of its resources. */
const OF_RESOURCES = ['roles', 'groups', 'authorization_details_types'] as const;

function requireOwnResources(member: (typeof OF_RESOURCES)[number], client: Client): void {
  const named = client[member]?.map((entry) => entry.resource) ?? [];
  refuseTwice(member, named);
  const foreign = new Set(named).difference(new Set(client.resources.map((entry) => entry.resource)));
  for (const resource of foreign)
    throw invalidClientMetadata(`${member}: the client has no resource ${resource}`);
}

async function requireDetailsTypes(
  { resource, values }: NonNullable<Client['authorization_details_types']>[number],
  resources: ResourceStore,
): Promise<void> {
  const known = (await resources.find(resource))?.authorization_details_types?.map(({ type }) => type);
  const [unknown] = new Set(values).difference(new Set(known));
  if (unknown !== undefined)
    throw invalidClientMetadata(`authorization_details_types: ${resource} has no type ${unknown}`);
}
