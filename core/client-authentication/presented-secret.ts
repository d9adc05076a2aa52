import type { Client } from '../client.ts';
import { matchClientSecret } from '../client-secret.ts';
import type { RequestRecord } from '../request-record.ts';
import { findClient, unknownClientIdSha256 } from './find-client.ts';
import type { ClientAuthenticationPorts } from './method.ts';
import { clientAuthenticationFailed } from './refusal.ts';
import { recordSecretExpiry } from './secret-expiry.ts';

/** One reading of what a request presents. */
export interface PresentedSecret {
  readonly client_id: string;
  readonly client_secret: string;
}

/** What a request presents, in each way it can be read. */
export type Readings = readonly [PresentedSecret, ...PresentedSecret[]];

/**
 * Finds the client whose secret was presented, in whichever reading it is right.
 *
 * Every reading is looked up, hashed and compared, also after one matched: the time depends on the request alone.
 */
export async function authenticateBySecret(
  readings: Readings,
  { clients, clock }: Pick<ClientAuthenticationPorts, 'clients' | 'clock'>,
  record: RequestRecord,
): Promise<Client> {
  const now = clock();
  const judge = async ({ client_id, client_secret }: PresentedSecret) => {
    const client = await findClient(client_id, clients);
    return { client, ...matchClientSecret(client_secret, client?.client_secrets, now) };
  };
  const [only, another] = readings;
  const outcomes = another ? await Promise.all(readings.map(judge)) : [await judge(only)];
  const { client: authenticated, secret } = outcomes.find(({ match }) => match === 'match') ?? {};
  if (authenticated) {
    record.client_id = authenticated.client_id;
    recordSecretExpiry(record, secret, now);
    return authenticated;
  }
  const client = outcomes.find((outcome) => outcome.client)?.client;
  // Made for a known client too: an unknown one must not take longer to refuse.
  const client_id_sha256 = unknownClientIdSha256(readings[0].client_id);
  if (!client) {
    record.unknown_client_id_sha256 = client_id_sha256;
    throw clientAuthenticationFailed('unknown_client');
  }
  record.client_id = client.client_id;
  if (client.token_endpoint_auth_method === 'none') throw clientAuthenticationFailed('public_client');
  const expired = outcomes.some((outcome) => outcome.match === 'expired');
  throw clientAuthenticationFailed(expired ? 'secret_expired' : 'wrong_secret');
}
