import { join } from 'node:path';
import type { Alg } from '../../core/jose/algorithms.ts';
import type { MeasuredServer } from './measured-server.ts';
import { startNodeServer } from './node-server.ts';

const PROGRAM = join(import.meta.dirname, '../../cli/signet.ts');

/** Starts the embedded issuer as its users start it, with an empty store: in a folder of its own, unless one is named. */
export function startSignet(alg: Alg, data?: string): Promise<MeasuredServer> {
  return startNodeServer((folder) => [
    PROGRAM,
    ...['serve', '--port', '0', '--json', '--algs', alg, '--data', data ?? join(folder, 'data')],
  ]);
}
