import * as v from 'valibot';
import { generateKeyPairFor } from '../../adapters/embedded/key-pair.ts';
import { hashClientSecret } from '../../core/client-secret.ts';
import type { Alg } from '../../core/jose/algorithms.ts';
import { PublicJwkSchema } from '../../core/jose/signing-key.ts';
import type { HttpApiEvent } from '../../http/api-gateway.ts';
import { httpApiEvent } from './api-gateway-events.ts';
import type { StubTables } from './aws-stub.ts';
import { post } from './in-memory-endpoints.ts';
import { basic } from './oauth-request.ts';
import { makeClient, makeResource, makeSigningKey } from './records.ts';

const RESOURCE = 'https://api.example.com';

/** The resources that the client may have tokens for; the first is its default. */
export const RESOURCES = [RESOURCE, 'https://other.example.com'] as const;

/** The client that the tables hold. */
export const CLIENT_ID = 'reporter';
const CLIENT_SECRET = 'a secret of the tests, long enough';

/** What the tables of an issuer with one client, one resource and one key hold. */
export const TABLES: StubTables = {
  Clients: [
    {
      record: `client#${CLIENT_ID}`,
      document: makeClient(CLIENT_ID, {
        grant_types: ['client_credentials'],
        resources: RESOURCES.map((resource) => ({ resource, scope: ['read'] })),
        default_resource: RESOURCE,
        client_secrets: [{ secret_id: 's', sha256: hashClientSecret(CLIENT_SECRET), created_at: 1 }],
      }),
    },
    ...RESOURCES.map((resource) => ({
      record: `resource#${resource}`,
      document: makeResource(resource, { scopes_supported: ['read'] }),
    })),
  ],
  Keys: [
    {
      record: 'key-set',
      version: 1,
      keys: [
        makeSigningKey({
          alg: 'RS256',
          public_jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' },
          private_key_reference: 'arn:aws:kms:us-east-1:000000000000:key/1',
        }),
      ],
      write_id: 'w',
    },
  ],
};

/** The same tables, but with a new key that the function signs with in its memory. */
export async function tablesWithKeyInMemory(alg: Alg): Promise<StubTables> {
  const { publicKey, privateKey } = await generateKeyPairFor(alg);
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url');
  const key = makeSigningKey({
    alg,
    public_jwk: v.parse(PublicJwkSchema, publicKey.export({ format: 'jwk' })),
    private_key_reference: `envelope:${pkcs8}`,
  });
  return { ...TABLES, Keys: [{ record: 'key-set', version: 1, keys: [key], write_id: 'w' }] };
}

/** What the functions of that issuer have in their environment, with AWS at an endpoint. */
export function functionEnvironment(endpoint: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    SIGNET_ISSUER: 'https://auth.example.com',
    SIGNET_CLIENTS_TABLE: 'Clients',
    SIGNET_KEYS_TABLE: 'Keys',
    SIGNET_TOKENS_TABLE: 'Tokens',
    SIGNET_WRAPPING_KEY: 'arn:aws:kms:us-east-1:000000000000:key/2',
    SIGNET_KEY_ROTATION_SECONDS: '7776000',
  };
}

/** The event of a request for a token, by the client that the tables hold unless another is named. */
export function tokenEvent(
  client_id = CLIENT_ID,
  parameters: Readonly<Record<string, string>> = {},
): HttpApiEvent {
  const headers = { Authorization: basic(client_id, CLIENT_SECRET) };
  return httpApiEvent(post('/token', { grant_type: 'client_credentials', ...parameters }, headers));
}
