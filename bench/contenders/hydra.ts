import type { Alg } from '../../core/jose/algorithms.ts';
import { freePort } from '../../test/support/free-port.ts';
import { isPresent, startForeignServer } from './foreign-server.ts';
import { CLIENT, LIFETIME_SECONDS, type MeasuredServer, RESOURCE } from './measured-server.ts';

/**
 * Starts the `hydra` of the PATH, its database in memory, its tokens JWTs, and one iteration for the hash of a secret, so that it does the
 * same work as the others; undefined where there is none.
 */
export async function startHydra(alg: Alg): Promise<MeasuredServer | undefined> {
  if (!isPresent('hydra', 'version')) return undefined;
  const [publicPort, adminPort] = [await freePort(), await freePort()];
  const issuer = `http://127.0.0.1:${publicPort}`;
  const admin = `http://127.0.0.1:${adminPort}/admin`;
  return startForeignServer({
    command: ['hydra', 'serve', 'all', '--dev', '--sqa-opt-out'],
    environment: {
      DSN: 'memory',
      SECRETS_SYSTEM: CLIENT.client_secret,
      URLS_SELF_ISSUER: issuer,
      STRATEGIES_ACCESS_TOKEN: 'jwt',
      TTL_ACCESS_TOKEN: `${LIFETIME_SECONDS}s`,
      OAUTH2_HASHERS_PBKDF2_ITERATIONS: '1',
      SERVE_PUBLIC_HOST: '127.0.0.1',
      SERVE_PUBLIC_PORT: String(publicPort),
      SERVE_ADMIN_HOST: '127.0.0.1',
      SERVE_ADMIN_PORT: String(adminPort),
      LOG_LEVEL: 'error',
      SERVE_PUBLIC_REQUEST_LOG_DISABLE_FOR_HEALTH: 'true',
    },
    ready: `${issuer}/health/ready`,
    url: `${issuer}/oauth2/token`,
    form: String(
      new URLSearchParams({ grant_type: 'client_credentials', scope: 'read write', audience: RESOURCE }),
    ),
    async configure() {
      // Its access tokens are signed by the newest key of this set.
      await post(`${admin}/keys/hydra.jwt.access-token`, { alg, use: 'sig', kid: alg });
      await post(`${admin}/clients`, {
        ...CLIENT,
        grant_types: ['client_credentials'],
        scope: 'read write',
        audience: [RESOURCE],
        token_endpoint_auth_method: 'client_secret_basic',
      });
    },
  });
}

async function post(url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}
