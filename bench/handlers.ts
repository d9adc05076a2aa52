import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Alg } from '../core/jose/algorithms.ts';
import { functionEnvironment, TABLES, tablesWithKeyInMemory } from '../test/support/aws-issuer.ts';
import { type StubTables, startAwsStub } from '../test/support/aws-stub.ts';
import type { Signing } from './contenders/floor-issuer.ts';
import { onServerCore } from './pinning.ts';
import { median } from './statistics.ts';

const ROUNDS = join(import.meta.dirname, 'handler-rounds.ts');

/** One process is a few hundredths faster than the next, whatever it does. */
const PROCESSES = 3;

/** The handler of the token function beside the least that does the same work. */
export interface HandlerComparison {
  readonly work: string;
  /** Microseconds of CPU a token. */
  readonly handler: number;
  readonly floor: number;
  /** How many times what the floor takes, in the median round. */
  readonly ratio: number;
}

/** Measures the handler in the bundle of the token function, warm, in processes of its own: with its key in memory, and with every call of AWS. */
export async function compareHandler(bundle: string): Promise<readonly HandlerComparison[]> {
  const inMemory = async (alg: Alg, signing: Signing, how: string) =>
    compare(`parse, hash and sign, ${alg}${how}`, [bundle, signing, alg], await tablesWithKeyInMemory(alg), {
      SIGNET_SIGNING_ALGS: alg,
      SIGNET_CACHE_SECONDS: '300',
    });
  return [
    await inMemory('RS256', 'sync', ''),
    await inMemory('ES256', 'documented', ' as node:crypto documents it'),
    await inMemory('ES256', 'sync', ' as cheaply as Signet does'),
    await compare('every call of AWS, by its SDK', [bundle, 'aws', 'RS256'], TABLES, {
      SIGNET_CACHE_SECONDS: '0',
    }),
  ];
}

async function compare(
  work: string,
  args: readonly string[],
  tables: StubTables,
  settings: Readonly<Record<string, string>>,
): Promise<HandlerComparison> {
  const stub = await startAwsStub(tables);
  const environment = { ...process.env, ...functionEnvironment(stub.endpoint), ...settings };
  try {
    const measured: Rounds[number][] = [];
    for (let n = 0; n < PROCESSES; n += 1) measured.push(...(await measureRounds(args, environment)));
    return {
      work,
      handler: median(measured.map(([handler]) => handler)),
      floor: median(measured.map(([, least]) => least)),
      ratio: median(measured.map(([handler, least]) => handler / least)),
    };
  } finally {
    await stub.stop();
  }
}

/** The microseconds of the handler and of the floor in each round of one process. */
type Rounds = v.InferOutput<typeof RoundsSchema>;

const RoundsSchema = v.array(v.tuple([v.number(), v.number()]));

async function measureRounds(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Rounds> {
  const child = spawn(...onServerCore(process.execPath, [ROUNDS, ...args]), {
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => [undefined]);
  const [rounds] = await Promise.race([once(child, 'message'), ended]);
  return v.parse(RoundsSchema, rounds);
}
