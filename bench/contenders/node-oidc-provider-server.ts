import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import Provider, { type JWK } from 'oidc-provider';
import * as v from 'valibot';
import { generateKeyPairFor } from '../../adapters/embedded/key-pair.ts';
import { ALGS } from '../../core/jose/algorithms.ts';
import { CLIENT, LIFETIME_SECONDS, RESOURCE } from './measured-server.ts';

// node-oidc-provider with its store in memory, one client that has a secret, and one resource whose tokens are JWTs.

const { values } = parseArgs({ options: { alg: { type: 'string' } } });
const alg = v.parse(v.picklist(ALGS), values.alg);

const server = createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const { privateKey } = await generateKeyPairFor(alg);
const key = privateKey.export({ format: 'jwk' }) as JWK;
const provider = new Provider(issuer, {
  clients: [
    {
      ...CLIENT,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      id_token_signed_response_alg: alg,
    },
  ],
  jwks: { keys: [{ ...key, alg, use: 'sig' }] },
  scopes: ['read', 'write'],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => RESOURCE,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'read write',
        audience: RESOURCE,
        accessTokenFormat: 'jwt',
        accessTokenTTL: LIFETIME_SECONDS,
        jwt: { sign: { alg } },
      }),
    },
  },
});
server.on('request', provider.callback());
process.stdout.write(`${JSON.stringify({ issuer, client: CLIENT })}\n`);
