import * as v from 'valibot';
import type { Client } from '../client.ts';
import { ClientIdSchema } from '../client-id.ts';
import { parseJsonDocument } from '../json-document.ts';
import type { JsonObject } from '../json-object.ts';
import { deleteClient } from '../management/clients.ts';
import { invalidClientMetadata } from '../management/invalid-client-metadata.ts';
import { replaceRegistration } from '../management/registrations.ts';
import { OAuthError } from '../oauth-error.ts';
import type { RequestRecord } from '../request-record.ts';
import { BEARER_CHALLENGE, invalidBearerRequest, invalidToken, requireBearerToken } from './bearer-token.ts';
import { describeRegistration, readRegistration } from './client-registration.ts';
import { matchesRegistrationAccessToken } from './registration-access-token.ts';
import type { Registrar } from './registration-endpoint.ts';
import { type RegistrationRequest, requireNoTokenInUri } from './registration-request.ts';
import { applySoftwareStatement } from './software-statement.ts';

/** What the issuer decides: a client that wants to change it has not understood something (RFC 7592 §2.2). */
const ISSUED_MEMBERS = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
];

/** A client that registered itself, and the token by which it shows that it is this one. */
interface Registered {
  readonly client: Client & { readonly registration: NonNullable<Client['registration']> };
  readonly registration_access_token: string;
}

/**
 * Reads the registration of a client (RFC 7592 §2.1). Its secret is not in the answer, for only a hash of it is kept.
 *
 * @throws OAuthError `invalid_token`, or `access_denied` when the client is disabled
 */
export async function readClientConfiguration(
  request: RegistrationRequest,
  registrar: Registrar,
  record: RequestRecord,
): Promise<object> {
  const { client, registration_access_token } = await requireRegistered(request, registrar, record);
  const { policy } = client.registration;
  return { ...describeRegistration(client, policy, registrar.identifier), registration_access_token };
}

/**
 * Replaces the registration of a client (RFC 7592 §2.2), within the policy that it registered under.
 *
 * A client with a secret that does not name one gets a new one, beside the one it has; a client that names one keeps that alone.
 *
 * @throws OAuthError `invalid_token`, `access_denied`, `invalid_request`, `invalid_client_metadata`,
 * `invalid_software_statement`, `unapproved_software_statement`,
 * or `conflict`
 */
export async function updateClientConfiguration(
  request: RegistrationRequest,
  registrar: Registrar,
  record: RequestRecord,
): Promise<object> {
  const { client, registration_access_token } = await requireRegistered(request, registrar, record);
  const { policy } = client.registration;
  const sent = parseJsonDocument(request.body);
  const client_secret = readCredentials(sent, client);
  const { document, ...stated } = await applySoftwareStatement(sent, policy, registrar);
  const metadata = readRegistration(document, policy);
  const { client: replaced, secret } = await asKnown(
    replaceRegistration(client.client_id, metadata, client_secret, registrar),
  );
  return {
    ...describeRegistration(replaced, policy, registrar.identifier),
    ...stated,
    registration_access_token,
    ...(secret
      ? { client_secret: secret.client_secret, client_secret_expires_at: secret.stored.expires_at ?? 0 }
      : {}),
  };
}

/**
 * Deletes a client with its secrets and tokens (RFC 7592 §2.3).
 *
 * @throws OAuthError `invalid_token`, `access_denied`, or `conflict`
 */
export async function deleteClientConfiguration(
  request: RegistrationRequest,
  registrar: Registrar,
  record: RequestRecord,
): Promise<undefined> {
  const { client } = await requireRegistered(request, registrar, record);
  await asKnown(deleteClient(client.client_id, registrar));
}

/** RFC 7592 §2: whether there is no such client, or another token is its own, is nobody's to know. */
async function requireRegistered(
  request: RegistrationRequest,
  { clients }: Registrar,
  record: RequestRecord,
): Promise<Registered> {
  requireNoTokenInUri(request);
  const registration_access_token = requireBearerToken(request.authorization);
  const client_id = readClientId(request);
  const client = client_id === undefined ? undefined : await clients.find(client_id);
  const isOwn = matchesRegistrationAccessToken(registration_access_token, client?.registration?.sha256);
  if (!client) throw invalidToken('unknown_client');
  record.client_id = client.client_id;
  if (!isRegistered(client) || !isOwn) throw invalidToken('unknown_token');
  if (!client.enabled) {
    const options = { challenge: BEARER_CHALLENGE, reason: 'client_disabled' };
    throw new OAuthError('access_denied', 'the client is disabled', options);
  }
  return { client, registration_access_token };
}

function readClientId({ query }: RegistrationRequest): Client['client_id'] | undefined {
  const [client_id, ...others] = query.get('client_id') ?? [];
  const parsed = v.safeParse(ClientIdSchema, client_id);
  if (others.length > 0) throw invalidBearerRequest('client_id stands in the query more than once');
  return parsed.success ? parsed.output : undefined;
}

function isRegistered(client: Client): client is Registered['client'] {
  return client.registration !== undefined;
}

/** Checks what a document says of the client itself, and tells the secret that it names. */
function readCredentials(document: JsonObject, client: Client): string | undefined {
  const issued = ISSUED_MEMBERS.find((member) => Object.hasOwn(document, member));
  if (issued !== undefined)
    throw invalidClientMetadata(`${issued}: the issuer decides it, so leave it out (RFC 7592 section 2.2)`);
  const { client_id, client_secret = null } = document;
  if (client_id !== client.client_id)
    throw invalidClientMetadata('client_id: it has to be that of the client (RFC 7592 section 2.2)');
  if (client_secret === null) return undefined;
  if (typeof client_secret === 'string') return client_secret;
  throw invalidClientMetadata('client_secret: it is the secret of the client, or not there');
}

/** Another request of the client's may have deleted it meanwhile: then its token is good for nothing. */
async function asKnown<T>(change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    if (error instanceof OAuthError && error.code === 'not_found') throw invalidToken('unknown_client');
    throw error;
  }
}
