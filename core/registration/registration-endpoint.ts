import type { Client } from '../client.ts';
import { parseJsonDocument } from '../json-document.ts';
import { createClient } from '../management/clients.ts';
import type { ManagementPorts } from '../management/ports.ts';
import { untilAccepted } from '../management/until-accepted.ts';
import type { JsonDocumentReader } from '../ports/json-document-reader.ts';
import type { RequestRecord } from '../request-record.ts';
import { invalidToken, requireBearerToken } from './bearer-token.ts';
import { describeRegistration, readRegistration } from './client-registration.ts';
import { type InitialAccessToken, initialAccessTokenId } from './initial-access-token.ts';
import { createRegistrationAccessToken, hashRegistrationAccessToken } from './registration-access-token.ts';
import { type RegistrationRequest, requireNoTokenInUri } from './registration-request.ts';
import { applySoftwareStatement } from './software-statement.ts';

/** An issuer as far as clients register themselves with it. */
export interface Registrar
  extends Pick<ManagementPorts, 'clients' | 'resources' | 'initialAccessTokens' | 'clock'> {
  /** The issuer identifier. */
  readonly identifier: string;
  /** Where issuers of software statements publish their keys. */
  readonly documents: JsonDocumentReader;
}

/**
 * The client registration endpoint (RFC 7591 §3): makes a client of a document, within the policy of the initial access token.
 *
 * The use of the token and the client are one write. Whatever breaks, there is no client that the token did not allow, and no
 * use without a client; what is lost with an answer is a client whose credentials nobody has, and which says by its
 * `registration` where it came from.
 *
 * @throws OAuthError `invalid_token`, `invalid_request`, `invalid_client_metadata`, `invalid_software_statement`,
 * `unapproved_software_statement`, or `conflict`
 * when others keep registering by the same token
 */
export async function registerClient(
  request: RegistrationRequest,
  registrar: Registrar,
  record: RequestRecord,
): Promise<object> {
  requireNoTokenInUri(request);
  const presented = requireBearerToken(request.authorization);
  const { initial_access_token_id, policy } = await findInitialAccessToken(presented, registrar, record);
  const sent = parseJsonDocument(request.body);
  const { document, ...stated } = await applySoftwareStatement(sent, policy, registrar);
  const metadata = readRegistration(document, policy);
  const registration_access_token = createRegistrationAccessToken();
  const sha256 = hashRegistrationAccessToken(registration_access_token);
  const { client, secret } = await createClient(
    undefined,
    { ...metadata, registration: { initial_access_token_id, policy, sha256 } },
    {},
    { ...registrar, clients: { ...registrar.clients, create: (made) => spend(presented, made, registrar) } },
  );
  record.client_id = client.client_id;
  return {
    ...describeRegistration(client, policy, registrar.identifier),
    ...stated,
    registration_access_token,
    ...(secret ? { client_secret: secret.client_secret, client_secret_expires_at: 0 } : {}),
  };
}

/** Uses a token up once, by adding the client; which of those that race is too late, the store says. */
function spend(presented: string, client: Client, registrar: Registrar): Promise<boolean> {
  return untilAccepted('the initial access token', async () => {
    const token = await findInitialAccessToken(presented, registrar, {});
    const spent = { ...token, uses_left: token.uses_left - 1, version: token.version + 1 };
    return (await registrar.initialAccessTokens.spend(spent, client)) || undefined;
  });
}

async function findInitialAccessToken(
  presented: string,
  { initialAccessTokens, clock }: Registrar,
  record: RequestRecord,
): Promise<InitialAccessToken> {
  const id = initialAccessTokenId(presented);
  if (id === undefined) throw invalidToken('malformed');
  const token = await initialAccessTokens.find(id);
  if (!token) throw invalidToken('unknown_token');
  record.initial_access_token_id = id;
  if (token.expires_at <= clock()) throw invalidToken('expired');
  if (token.uses_left < 1) throw invalidToken('token_used_up');
  return token;
}
