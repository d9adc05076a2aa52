import type { Client } from '../../core/client.ts';
import { createClient } from '../../core/management/clients.ts';
import { type Assertion, type ClientKey, clientAssertion, makeClientKey } from './client-assertion.ts';
import { createKeyedIssuer, type KeyedIssuer, NOW } from './keyed-issuer.ts';
import { publishIssuer } from './published-issuer.ts';

/** The issuer that the client `deploy` trusts, and one that it does not. */
export const GITHUB = 'https://token.actions.githubusercontent.com';
export const CLUSTER = 'https://oidc.cluster.example.com/id/7';

/** The subject that it trusts. */
export const MAIN = 'repo:octo-org/octo-repo:ref:refs/heads/main';

/** The keys of the two. */
export const ISSUER_KEYS = { [GITHUB]: makeClientKey('RSA'), [CLUSTER]: makeClientKey('P-256') };

/** What the other one signs with, and of whom it tells. */
export const CLUSTER_TOKEN = { key: ISSUER_KEYS[CLUSTER], alg: 'ES256' };
export const SERVICE_ACCOUNT = 'system:serviceaccount:prod:shop';

/** An issuer with clients that trust other issuers. */
export interface FederatedIssuer extends KeyedIssuer {
  /** Adds a client that authenticates by tokens of others. */
  addFederated(client_id: string, ...credentials: readonly object[]): Promise<Client>;
  /** Publishes keys of an issuer, and where they are. */
  publish(issuer: string, ...keys: readonly object[]): void;
  /** Authenticates by such a token, as the client `deploy` unless another form is given. */
  present(changes?: Parameters<FederatedIssuer['token']>[0], form?: object): Promise<Client>;
  /** A token that GitHub makes for the client `deploy`, but for what is given. */
  token(changes?: Partial<Assertion> & { readonly key?: ClientKey; readonly alg?: string }): Promise<string>;
}

/** Makes such an issuer. */
export async function createFederatedIssuer(): Promise<FederatedIssuer> {
  const issuer = await createKeyedIssuer();
  const addFederated = async (client_id: string, ...federated_credentials: readonly object[]) => {
    const metadata = { token_endpoint_auth_method: 'private_key_jwt', federated_credentials };
    return (await createClient(client_id, metadata, {}, issuer)).client;
  };
  const publish: FederatedIssuer['publish'] = (name, ...keys) => publishIssuer(issuer.published, name, keys);
  const token: FederatedIssuer['token'] = ({
    header = {},
    claims = {},
    key = ISSUER_KEYS[GITHUB],
    alg = 'RS256',
    ...rest
  } = {}) => {
    const good = { iss: GITHUB, sub: MAIN, aud: issuer.identifier, iat: NOW, nbf: NOW, exp: NOW + 300 };
    return clientAssertion(key, alg, { header, claims: { ...good, jti: 'one', ...claims }, ...rest });
  };
  for (const [name, { jwk }] of Object.entries(ISSUER_KEYS)) publish(name, jwk);
  await addFederated('deploy', { issuer: GITHUB, subject: MAIN });
  return {
    ...issuer,
    addFederated,
    publish,
    token,
    present: async (changes, form = { client_id: 'deploy' }) =>
      issuer.authenticate(await token(changes), form),
  };
}
