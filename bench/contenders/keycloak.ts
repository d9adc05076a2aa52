import { execFile } from 'node:child_process';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Alg } from '../../core/jose/algorithms.ts';
import { freePort } from '../../test/support/free-port.ts';
import { isPresent, startForeignServer } from './foreign-server.ts';
import { CLIENT, LIFETIME_SECONDS, type MeasuredServer } from './measured-server.ts';

export const KEYCLOAK_VERSION = '26.7.3';

/** Where the distribution is kept from run to run: it has 177 MB, and takes half a minute to be made ready. */
const CACHE = join(import.meta.dirname, '../../node_modules/.cache/keycloak');
const HOME = join(CACHE, `keycloak-${KEYCLOAK_VERSION}`);
const PROGRAM = join(HOME, 'bin/kc.sh');

/** By which Keycloak makes itself a key of each algorithm. */
const KEY_PROVIDERS: ReadonlyMap<Alg, { readonly providerId: string; readonly config: object }> = new Map([
  ['RS256', { providerId: 'rsa-generated', config: { keySize: ['2048'] } }],
  ['ES256', { providerId: 'ecdsa-generated', config: { ecdsaEllipticCurveKey: ['P-256'] } }],
]);

const execute = promisify(execFile);

/** Starts Keycloak in its production mode, its database in memory, from the distribution that Maven has; undefined without Java or Maven. */
export async function startKeycloak(alg: Alg): Promise<MeasuredServer | undefined> {
  if (!isPresent('java', '-version') || !isPresent('mvn', '--version')) return undefined;
  await access(join(HOME, 'data/import')).catch(install);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const realm = `${url}/realms/${alg}`;
  return startForeignServer({
    command: [
      PROGRAM,
      ...['start', '--optimized', '--import-realm', '--cache=local', '--http-enabled=true'],
      ...['--http-host=127.0.0.1', `--http-port=${port}`, `--hostname=${url}`],
    ],
    ready: `${realm}/.well-known/openid-configuration`,
    url: `${realm}/protocol/openid-connect/token`,
  });
}

async function install(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const artifact = `org.keycloak:keycloak-quarkus-dist:${KEYCLOAK_VERSION}:tar.gz`;
  await execute('mvn', [
    ...['--batch-mode', '--quiet', 'dependency:copy', `-Dartifact=${artifact}`],
    `-DoutputDirectory=${CACHE}`,
  ]);
  await execute('tar', ['xf', join(CACHE, `keycloak-quarkus-dist-${KEYCLOAK_VERSION}.tar.gz`), '-C', CACHE]);
  await execute(PROGRAM, ['build', '--db=dev-mem', '--health-enabled=false', '--metrics-enabled=false']);
  await mkdir(join(HOME, 'data/import'), { recursive: true });
  for (const alg of KEY_PROVIDERS.keys()) {
    await writeFile(join(HOME, `data/import/${alg}-realm.json`), JSON.stringify(realmOf(alg)));
  }
}

function realmOf(alg: Alg): object {
  const { providerId, config } = KEY_PROVIDERS.get(alg) ?? {};
  return {
    realm: alg,
    enabled: true,
    sslRequired: 'none',
    accessTokenLifespan: LIFETIME_SECONDS,
    defaultSignatureAlgorithm: alg,
    components: {
      'org.keycloak.keys.KeyProvider': [{ name: alg, providerId, config: { ...config, priority: ['100'] } }],
    },
    clients: [
      {
        clientId: CLIENT.client_id,
        secret: CLIENT.client_secret,
        serviceAccountsEnabled: true,
        standardFlowEnabled: false,
        fullScopeAllowed: false,
      },
    ],
  };
}
