import type { Client } from '../client.ts';
import { type DecodedJwt, decodeJoseHeader, decodeJwt } from '../jose/jwt.ts';
import { refusalOfHeader, refusalOfTimes } from '../jose/jwt-checks.ts';
import {
  CLIENT_ASSERTION_LIFETIME_MAX_SECONDS,
  CLIENT_ASSERTION_MAX_CHARACTERS,
  CLOCK_SKEW_SECONDS,
} from '../limits.ts';
import { OAuthError } from '../oauth-error.ts';
import type { OAuthRequest } from '../oauth-request.ts';
import { replayKey } from '../replay-key.ts';
import type { RequestRecord } from '../request-record.ts';
import { findClient, unknownClientIdSha256 } from './find-client.ts';
import type { ClientAuthenticationMethod, ClientAuthenticationPorts } from './method.ts';
import { type ClientAuthenticationRefusal, clientAuthenticationFailed } from './refusal.ts';

/** How a request says that its assertion is a JWT (RFC 7523 §2.2). */
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Assertions say what they are, or nothing (draft-ietf-oauth-rfc7523bis): no other JWT of the client's can pass for one. */
export const ASSERTION_TYPS: ReadonlySet<unknown> = new Set([undefined, 'JWT', 'client-authentication+jwt']);

/**
 * Tells why an assertion is not signed by a client; undefined when it is.
 *
 * An unknown client takes as much work as one that is known: only the look-up may tell it from another.
 *
 * @throws OAuthError when the keys cannot be had
 */
type SignatureCheck = (
  jwt: DecodedJwt,
  client: Client | undefined,
  ports: ClientAuthenticationPorts,
  record: RequestRecord,
) => Promise<ClientAuthenticationRefusal | undefined>;

/** How a client is authenticated that names itself beside an assertion which is not of its own making (RFC 7521 §4.2). */
type FederatedAuthentication = (
  jwt: DecodedJwt,
  client_id: string,
  ports: ClientAuthenticationPorts,
  record: RequestRecord,
) => Promise<Client>;

/**
 * A method by which a client asserts who it is (RFC 7521 §4.2): such methods differ in how they sign, and in nothing else.
 *
 * @param hasAlg tells whether an algorithm is one of the method's; each algorithm there can be, known or not, is one method's alone
 */
export function clientAssertionMethod(
  name: ClientAuthenticationMethod['name'],
  hasAlg: (alg: unknown) => boolean,
  refusalOfSignature: SignatureCheck,
  authenticateFederated?: FederatedAuthentication,
): ClientAuthenticationMethod {
  return {
    name,
    isPresented: ({ parameters }) => {
      const assertion = parameters.get('client_assertion');
      if (assertion === undefined && parameters.get('client_assertion_type') === undefined) return false;
      return hasAlg(decodeJoseHeader(assertion ?? '')?.['alg']);
    },
    async authenticate(request, ports, record) {
      const jwt = readAssertion(request);
      const client_id = request.parameters.get('client_id');
      return authenticateFederated && client_id !== undefined && jwt.claims['iss'] !== jwt.claims['sub']
        ? authenticateFederated(jwt, client_id, ports, record)
        : authenticateBy(name, refusalOfSignature, jwt, ports, record);
    },
  };
}

async function authenticateBy(
  name: string,
  refusalOfSignature: SignatureCheck,
  jwt: DecodedJwt,
  ports: ClientAuthenticationPorts,
  record: RequestRecord,
): Promise<Client> {
  const { sub } = jwt.claims;
  const presented = typeof sub === 'string' ? sub : '';
  const client = await findClient(presented, ports.clients);
  // All of this is done for an unknown client too.
  recordClient(presented, client, record);
  const registered = client?.token_endpoint_auth_method === name ? client : undefined;
  const refusal = refusalOfContent(jwt, ports);
  // Nobody can have keys fetched by what would be refused all the same.
  const wrongSignature = await refusalOfSignature(jwt, refusal ? undefined : registered, ports, record);

  if (!client) throw clientAuthenticationFailed('unknown_client');
  if (!registered) throw clientAuthenticationFailed('method_not_registered');
  const reason = refusal ?? wrongSignature;
  if (reason) throw clientAuthenticationFailed(reason);
  // Last, so that nobody but the client can use up what it may say once.
  await takeOnce(jwt, name, ports);
  return client;
}

/** Writes down who the client is, or that there is none of this name. */
export function recordClient(presented: string, client: Client | undefined, record: RequestRecord): void {
  // Made for a known client too.
  const unknown_client_id_sha256 = unknownClientIdSha256(presented);
  Object.assign(record, client ? { client_id: client.client_id } : { unknown_client_id_sha256 });
}

async function takeOnce(
  { claims: { iss, exp, jti } }: DecodedJwt,
  name: string,
  { replays }: ClientAuthenticationPorts,
): Promise<void> {
  const until = Math.ceil(Number(exp)) + CLOCK_SKEW_SECONDS;
  const isNew = await replays.remember(replayKey(name, String(iss), String(jti)), until);
  if (!isNew) throw clientAuthenticationFailed('assertion_replayed');
}

function readAssertion({ parameters }: OAuthRequest): DecodedJwt {
  const assertion = parameters.get('client_assertion');
  const type = parameters.get('client_assertion_type');
  if (assertion === undefined || type === undefined) {
    throw new OAuthError(
      'invalid_request',
      'client_assertion and client_assertion_type stand in the body together or not at all (RFC 7521 section 4.2)',
    );
  }
  if (type !== JWT_BEARER) throw clientAuthenticationFailed('unsupported_method');
  const jwt = assertion.length > CLIENT_ASSERTION_MAX_CHARACTERS ? undefined : decodeJwt(assertion);
  if (jwt) return jwt;
  throw clientAuthenticationFailed('assertion_malformed');
}

/** The claims that RFC 7523 §3 asks for, with the audience as draft-ietf-oauth-rfc7523bis has it (CVE-2025-27370, CVE-2025-27371). */
function refusalOfContent(
  jwt: DecodedJwt,
  ports: ClientAuthenticationPorts,
): ClientAuthenticationRefusal | undefined {
  const { iss, sub, aud, jti } = jwt.claims;
  const wrongHeader = refusalOfHeader(jwt, ASSERTION_TYPS);
  if (wrongHeader) return `assertion_${wrongHeader}`;
  if (iss !== sub) return 'assertion_wrong_issuer';
  if (!isForThisIssuer(aud, ports)) return 'assertion_wrong_audience';
  const wrongTime = refusalOfTimes(jwt, CLIENT_ASSERTION_LIFETIME_MAX_SECONDS, ports.clock());
  if (wrongTime) return `assertion_${wrongTime}`;
  return typeof jti === 'string' && jti !== '' ? undefined : 'assertion_malformed';
}

/** An assertion that is also for others could be theirs to present here. */
function isForThisIssuer(
  aud: unknown,
  { identifier, assertionAudience }: ClientAuthenticationPorts,
): boolean {
  return aud === identifier || (assertionAudience !== undefined && aud === assertionAudience);
}
