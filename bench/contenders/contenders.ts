import { join } from 'node:path';
import type { Alg } from '../../core/jose/algorithms.ts';
import { startHydra } from './hydra.ts';
import { startKeycloak } from './keycloak.ts';
import type { MeasuredServer } from './measured-server.ts';
import { startNodeServer } from './node-server.ts';
import { startSignet } from './signet.ts';

/** The servers that are measured, by their names; undefined where one is not to be had here. */
export const CONTENDERS = {
  signet: (alg) => startSignet(alg),
  /** The least that can answer, signing in its own thread. */
  'floor, signs at once': (alg) => startFloor(alg, 'sync'),
  /** The same, signing in libuv's pool: which of them is cheaper depends on the load. */
  'floor, signs in the pool': (alg) => startFloor(alg, 'pool'),
  'node-oidc-provider': (alg) =>
    startNodeServer(
      () => [join(import.meta.dirname, 'node-oidc-provider-server.ts'), '--alg', alg],
      'grant_type=client_credentials&scope=read+write',
    ),
  Keycloak: startKeycloak,
  'Ory Hydra': startHydra,
} as const satisfies Readonly<Record<string, (alg: Alg) => Promise<MeasuredServer | undefined>>>;

/** The name of one of them. */
export type Contender = keyof typeof CONTENDERS;

function startFloor(alg: Alg, signing: 'sync' | 'pool'): Promise<MeasuredServer> {
  return startNodeServer(() => [
    join(import.meta.dirname, 'floor-server.ts'),
    ...['--alg', alg, '--signing', signing],
  ]);
}
