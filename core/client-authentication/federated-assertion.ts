import type { Client } from '../client.ts';
import type { FederatedCredential } from '../federation/federated-credential.ts';
import { matchesSubject } from '../federation/federated-credential.ts';
import { isAudience, verifyForeignJwt } from '../federation/foreign-jwt.ts';
import type { DecodedJwt } from '../jose/jwt.ts';
import { FOREIGN_JWT_LIFETIME_MAX_SECONDS } from '../limits.ts';
import type { RequestRecord } from '../request-record.ts';
import { verifiesAssertion } from './assertion-algorithms.ts';
import { ASSERTION_TYPS, recordClient } from './client-assertion.ts';
import { findClient } from './find-client.ts';
import type { ClientAuthenticationPorts } from './method.ts';
import { clientAuthenticationFailed } from './refusal.ts';

/**
 * Authenticates a client by a JWT that an issuer made which it trusts (RFC 7523 §2.2): workload identity federation. The client has no
 * secret; its `client_id` has to stand beside the JWT, whose `sub` is not the client.
 *
 * @throws OAuthError `invalid_client`
 */
export async function authenticateFederated(
  jwt: DecodedJwt,
  client_id: string,
  ports: ClientAuthenticationPorts,
  record: RequestRecord,
): Promise<Client> {
  const client = await findClient(client_id, ports.clients);
  recordClient(client_id, client, record);
  const registered =
    client?.token_endpoint_auth_method === 'private_key_jwt' && client.enabled ? client : undefined;
  const credential = findCredential(jwt, registered?.federated_credentials ?? [], ports.identifier);
  const { refusal, cause } =
    typeof credential === 'string' ? refuse(jwt, credential) : await verify(jwt, credential, ports);

  if (!client) throw clientAuthenticationFailed('unknown_client');
  if (!client.enabled) throw clientAuthenticationFailed('client_disabled');
  if (!registered) throw clientAuthenticationFailed('method_not_registered');
  if (refusal) throw clientAuthenticationFailed(`assertion_${refusal}`, cause);
  Object.assign(record, { assertion_issuer: jwt.claims['iss'], assertion_subject: jwt.claims['sub'] });
  return client;
}

type CredentialRefusal = 'wrong_issuer' | 'wrong_audience' | 'wrong_subject';

/** The credential that a JWT is for, if it is what it says. */
function findCredential(
  { claims: { iss, aud, sub } }: DecodedJwt,
  credentials: readonly FederatedCredential[],
  identifier: string,
): Required<FederatedCredential> | CredentialRefusal {
  const ofIssuer = credentials.filter(({ issuer }) => issuer === iss);
  if (ofIssuer.length === 0) return 'wrong_issuer';
  const forAudience = ofIssuer
    .map((credential) => ({ audience: identifier, ...credential }))
    .filter(({ audience }) => isAudience(aud, audience));
  if (forAudience.length === 0) return 'wrong_audience';
  return forAudience.find((credential) => matchesSubject(credential, sub)) ?? 'wrong_subject';
}

/** As much work as one that is verified. */
function refuse(jwt: DecodedJwt, refusal: CredentialRefusal) {
  verifiesAssertion(undefined, jwt.header['alg'], jwt.signingInput, jwt.signature);
  return { refusal, cause: undefined };
}

function verify(
  jwt: DecodedJwt,
  { issuer, audience }: Required<FederatedCredential>,
  ports: ClientAuthenticationPorts,
) {
  return verifyForeignJwt(
    jwt,
    { issuer, audience, typs: ASSERTION_TYPS, lifetimeMaxSeconds: FOREIGN_JWT_LIFETIME_MAX_SECONDS },
    ports,
  );
}
