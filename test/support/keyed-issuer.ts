import { randomUUID } from 'node:crypto';
import { authenticateClient } from '../../core/client-authentication/authenticate-client.ts';
import { createClient } from '../../core/management/clients.ts';
import type { RequestRecord } from '../../core/request-record.ts';
import { type Assertion, clientAssertion, makeClientKey, presenting } from './client-assertion.ts';
import { oauthRequest } from './oauth-request.ts';
import { createTestIssuer, type TestIssuer } from './test-issuer.ts';

/** The keys of the client `shop`, one of each kind. */
export const KEYS = {
  RSA: makeClientKey('RSA'),
  'P-256': makeClientKey('P-256'),
  'P-384': makeClientKey('P-384'),
  'P-521': makeClientKey('P-521'),
  Ed25519: makeClientKey('Ed25519'),
};

/** The key that its assertions are signed with, where nothing else is said. */
export const KEY = KEYS['P-256'];

/** A key of someone else. */
export const STOLEN = makeClientKey('P-256');

/** What the clock of the issuer tells at first. */
export const NOW = 1_800_000_000;

/** An issuer with the client `shop`, which authenticates by assertions. */
export interface KeyedIssuer extends TestIssuer {
  readonly record: RequestRecord;
  /** Adds a client that authenticates by assertions. */
  addKeyed(client_id: string, ...keys: readonly object[]): Promise<unknown>;
  /** What a good assertion says, with a jti of its own. */
  good(): Readonly<Record<string, unknown>>;
  /** A good assertion, but for what is given. */
  assertion(changes?: Partial<Assertion>): Promise<string>;
  authenticate(client_assertion: string, form?: object): ReturnType<typeof authenticateClient>;
}

/** Makes such an issuer. */
export async function createKeyedIssuer(): Promise<KeyedIssuer> {
  const issuer = await createTestIssuer();
  const record: RequestRecord = {};
  const addKeyed = (client_id: string, ...keys: readonly object[]) =>
    createClient(client_id, { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys } }, {}, issuer);
  const good = () => {
    const times = { iat: NOW, exp: NOW + 60, jti: randomUUID() };
    return { iss: 'shop', sub: 'shop', aud: issuer.identifier, ...times };
  };
  await addKeyed('shop', ...Object.values(KEYS).map(({ jwk }) => jwk));
  return {
    ...issuer,
    record,
    addKeyed,
    good,
    assertion: ({ header = {}, claims = {}, ...rest } = {}) =>
      clientAssertion(KEY, 'ES256', { header, claims: { ...good(), ...claims }, ...rest }),
    authenticate: async (client_assertion, form = {}) =>
      authenticateClient(
        oauthRequest(undefined, { ...presenting(client_assertion), ...form }),
        issuer,
        record,
      ),
  };
}

/** The one answer to all that is refused, and what the log says of it. */
export const refusedFor = (reason: string) => ({
  code: 'invalid_client',
  description: 'client authentication failed',
  reason,
});
