import { decodeJwt, signJwt } from '../../core/jose/jwt.ts';
import { createClient, updateClient } from '../../core/management/clients.ts';
import { createResource } from '../../core/management/resources.ts';
import type { RequestRecord } from '../../core/request-record.ts';
import { requestToken } from '../../core/token-endpoint.ts';
import type { TokenResponse } from '../../core/token-response.ts';
import { basic, oauthRequest } from './oauth-request.ts';
import { clientId } from './records.ts';
import { createTestIssuer, RESOURCE, type TestIssuer } from './test-issuer.ts';

/** The grant type of token exchange (RFC 8693 §2.1). */
export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** The token types that are exchanged (RFC 8693 §3). */
export const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
export const JWT = 'urn:ietf:params:oauth:token-type:jwt';

/** Resources beside the test issuer's own: the next one on the way, one whose tokens are references, and one that is others' affair. */
export const BILLING = 'https://billing.example.com';
export const LEDGER = 'https://ledger.example.com';
export const FOREIGN = 'https://foreign.example.com';

type Form = Readonly<Record<string, string>>;

/** An issuer with `shop`, which has tokens, and `backend`, the API of the test issuer's resource, which may exchange those for it. */
export interface ExchangingIssuer extends TestIssuer {
  readonly record: RequestRecord;
  /** Gets a token by the client credentials grant; of `shop` unless another is named. */
  tokenOf(form?: Form, client_id?: string): Promise<string>;
  /** Exchanges a token as `backend`, unless another is named. */
  exchange(subject_token: string, form?: Form, client_id?: string): Promise<TokenResponse>;
  /** Signs a token as the issuer would that says what a good one says, but for what is given. */
  forge(claims: object, token: string, typ?: string): Promise<string>;
  /** Changes what is said of a client. */
  update(client_id: string, metadata: Parameters<typeof updateClient>[1]): Promise<unknown>;
}

/** Makes such an issuer. */
export async function createExchangingIssuer(): Promise<ExchangingIssuer> {
  const issuer = await createTestIssuer();
  const record: RequestRecord = {};
  const secrets = new Map([['backend', issuer.client_secret]]);
  const none = { introspection_client_ids: [] };
  await createResource(BILLING, { ...none, scopes_supported: ['read', 'charge', 'admin'] }, issuer);
  await createResource(FOREIGN, { ...none, scopes_supported: ['read'] }, issuer);
  const reference = { scopes_supported: ['read', 'write'], access_token_format: 'reference' };
  await createResource(LEDGER, { ...none, ...reference }, issuer);

  const access = (...entries: readonly string[]) =>
    entries.map((entry) => {
      const [resource, ...scope] = entry.split(' ');
      return { resource, scope };
    });
  const update: ExchangingIssuer['update'] = (client_id, metadata) =>
    updateClient(clientId(client_id), metadata, issuer);
  await update('backend', {
    resources: access(`${RESOURCE} read write`, `${BILLING} read`),
    default_resource: RESOURCE,
    token_exchange_subject_resources: [RESOURCE, LEDGER],
    token_exchange_resources: access(
      `${BILLING} read charge`,
      `${RESOURCE} read write`,
      `${LEDGER} read write`,
    ),
  });
  for (const client_id of ['shop', 'stranger']) {
    const resources = access(`${RESOURCE} read write`, `${LEDGER} read`, `${FOREIGN} read`);
    const { secret } = await createClient(client_id, { resources, default_resource: RESOURCE }, {}, issuer);
    secrets.set(client_id, secret?.client_secret ?? '');
  }

  const ask = (client_id: string, form: Form) =>
    requestToken(oauthRequest(basic(client_id, secrets.get(client_id) ?? ''), form), issuer, record);
  return {
    ...issuer,
    record,
    update,
    tokenOf: async (form = {}, client_id = 'shop') =>
      (await ask(client_id, { grant_type: 'client_credentials', ...form })).access_token,
    exchange: (subject_token, form = {}, client_id = 'backend') =>
      ask(client_id, {
        grant_type: TOKEN_EXCHANGE,
        subject_token,
        subject_token_type: ACCESS_TOKEN,
        resource: BILLING,
        ...form,
      }),
    async forge(claims, token, typ = 'at+jwt') {
      const [key] = (await issuer.signingKeys.load()).keys;
      if (!key) throw new Error('the issuer has no key');
      return signJwt(typ, { ...decodeJwt(token)?.claims, ...claims }, key, issuer.signer);
    },
  };
}

/** The one answer to all tokens that are refused, and what the log says of it. */
export function refusedToken(name: 'subject_token' | 'actor_token', reason: string) {
  const description = `the ${name} is none that the client may exchange (RFC 8693 section 2.2.2)`;
  return { code: 'invalid_request', description, reason: `${name}_${reason}` };
}
