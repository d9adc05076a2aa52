import assert from 'node:assert/strict';
import { addInitialAccessToken } from '../../core/management/initial-access-tokens.ts';
import { createResource } from '../../core/management/resources.ts';
import {
  deleteClientConfiguration,
  readClientConfiguration,
  updateClientConfiguration,
} from '../../core/registration/client-configuration-endpoint.ts';
import { registerClient } from '../../core/registration/registration-endpoint.ts';
import type { RequestRecord } from '../../core/request-record.ts';
import { clientId } from './records.ts';
import { createTestIssuer, RESOURCE, type TestIssuer } from './test-issuer.ts';

/** A second resource, which the policy of several has too. */
export const OTHER_RESOURCE = 'https://other.example.com';

/** What a client is told of itself, as far as it needs it. */
export interface RegisteredClient {
  readonly client_id: string;
  readonly client_secret: string;
  readonly registration_access_token: string;
}

/** An issuer with which clients register themselves. */
export interface RegisteringIssuer extends TestIssuer {
  /** What the log says of the latest request. */
  latest: RequestRecord;
  /** Makes an initial access token, for one resource with the scope `read` unless told otherwise. */
  initialAccessToken(policy?: object, uses?: number): Promise<string>;
  register(token: string | undefined, document?: object | string): Promise<unknown>;
  /** Registers a client by a token of its own. */
  registered(policy?: object, document?: object): Promise<RegisteredClient>;
  read(client: Pick<RegisteredClient, 'client_id' | 'registration_access_token'>): Promise<unknown>;
  update(client: RegisteredClient, document?: object | string): Promise<unknown>;
  remove(client: Pick<RegisteredClient, 'client_id' | 'registration_access_token'>): Promise<unknown>;
}

/** The policy of a token that says nothing else. */
export const POLICY = {
  resources: [{ resource: RESOURCE, scope: ['read'] }],
  token_endpoint_auth_methods: ['client_secret_basic', 'private_key_jwt'],
  access_token_lifetime: 600,
};

/** Makes such an issuer. */
export async function createRegisteringIssuer(): Promise<RegisteringIssuer> {
  const issuer = await createTestIssuer();
  await createResource(OTHER_RESOURCE, { scopes_supported: ['stock'] }, issuer);
  const asText = (document: object | string) =>
    typeof document === 'string' ? document : JSON.stringify(document);
  const request = (token: string | undefined, body: object | string = '', client_id?: string) => ({
    authorization: token === undefined ? undefined : `Bearer ${token}`,
    query: new Map(client_id === undefined ? [] : [['client_id', [client_id]]]),
    body: asText(body),
  });
  const registering: RegisteringIssuer = {
    ...issuer,
    latest: {},
    async initialAccessToken(policy = {}, uses = 1) {
      const asked = { uses, expiresInSeconds: 60, policy: { ...POLICY, ...policy } };
      return (await addInitialAccessToken(asked, issuer)).initial_access_token;
    },
    register(token, document = {}) {
      registering.latest = {};
      return registerClient(request(token, document), issuer, registering.latest);
    },
    async registered(policy, document) {
      const client = await registering.register(await registering.initialAccessToken(policy), document);
      return client as RegisteredClient;
    },
    read({ client_id, registration_access_token }) {
      registering.latest = {};
      return readClientConfiguration(
        request(registration_access_token, '', client_id),
        issuer,
        registering.latest,
      );
    },
    update({ client_id, registration_access_token }, document = {}) {
      registering.latest = {};
      const whole = typeof document === 'string' ? document : { client_id, ...document };
      return updateClientConfiguration(
        request(registration_access_token, whole, client_id),
        issuer,
        registering.latest,
      );
    },
    remove({ client_id, registration_access_token }) {
      registering.latest = {};
      return deleteClientConfiguration(
        request(registration_access_token, '', client_id),
        issuer,
        registering.latest,
      );
    },
  };
  return registering;
}

/** Fails where a client is kept as more than it may be by `POLICY`, but for what a policy says otherwise. */
export async function assertWithinPolicy(
  { client_id }: Pick<RegisteredClient, 'client_id'>,
  policy: Partial<typeof POLICY>,
  { clients }: Pick<RegisteringIssuer, 'clients'>,
): Promise<void> {
  const { resources } = { ...POLICY, ...policy };
  const allowed = new Map(resources.map(({ resource, scope }) => [resource, new Set(scope)]));
  const client = await clients.find(clientId(client_id));
  assert.ok(client?.enabled && client.token_endpoint_auth_method && client.access_token_lifetime);
  assert.ok(POLICY.token_endpoint_auth_methods.includes(client.token_endpoint_auth_method));
  assert.ok(client.access_token_lifetime <= POLICY.access_token_lifetime);
  assert.equal(client.claims ?? client.roles ?? client.subject, undefined);
  for (const { resource, scope } of client.resources)
    assert.ok(new Set<string>(scope).isSubsetOf(allowed.get(resource) ?? new Set()));
}
