import type { Alg } from '../core/jose/algorithms.ts';
import { type Load, requestTokens } from './load.ts';
import { type MeasuredServer, startFloor, startIssuer } from './measured-server.ts';
import { median, quantile } from './statistics.ts';

const ALGS = ['RS256', 'ES256'] as const satisfies readonly Alg[];
const CONCURRENCIES = [1, 16] as const;

/** Short rounds and many: whatever else the machine does meets both servers alike. */
const ROUNDS = 15;
const ROUND_MILLISECONDS = 250;

/** Before so many tokens V8 is still compiling, in threads whose CPU time would count; a slow machine is not waited for. */
const WARM_UP_TOKENS = 20_000;
const WARM_UP_CONCURRENCY = 16;
const WARM_UP_MAX_MILLISECONDS = 8_000;

/** What one server did in the median round. */
export interface ServerFigures {
  readonly cpuMicrosecondsPerToken: number;
  readonly tokensPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
}

/** The issuer beside the floor, under one load. */
export interface Comparison {
  readonly alg: Alg;
  readonly concurrency: number;
  readonly issuer: ServerFigures;
  /** The cheaper one of two floors: one that signs in its own thread, and one that signs in libuv's pool. */
  readonly floor: ServerFigures & { readonly signing: 'sync' | 'pool' };
  /** How many times what the floor takes, in the median round. */
  readonly cpuRatio: number;
  readonly tokensPerSecondRatio: number;
}

type Contender = 'issuer' | 'sync' | 'pool';
type Rounds = Readonly<Record<Contender, ServerFigures[]>>;

/** Compares the embedded issuer's token endpoint with the floor, in rounds that alternate. */
export async function compareTokenEndpoint(progress: (text: string) => void): Promise<readonly Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const alg of ALGS) {
    const servers = {
      issuer: await startIssuer(alg),
      sync: await startFloor(alg, 'sync'),
      pool: await startFloor(alg, 'pool'),
    };
    try {
      progress(`token endpoint, ${alg}, warming up`);
      for (const server of Object.values(servers)) await warmUp(server);
      for (const concurrency of CONCURRENCIES) {
        progress(`token endpoint, ${alg}, ${concurrency} at a time`);
        comparisons.push(compare(alg, concurrency, await alternate(servers, concurrency)));
      }
    } finally {
      for (const server of Object.values(servers)) await server.stop();
    }
  }
  return comparisons;
}

async function warmUp(server: MeasuredServer): Promise<void> {
  const deadline = performance.now() + WARM_UP_MAX_MILLISECONDS;
  let tokens = 0;
  while (tokens < WARM_UP_TOKENS && performance.now() < deadline) {
    tokens += (await requestTokens(server, WARM_UP_CONCURRENCY, ROUND_MILLISECONDS)).latencies.length;
  }
}

async function alternate(
  servers: Readonly<Record<Contender, MeasuredServer>>,
  concurrency: number,
): Promise<Rounds> {
  const order = ['issuer', 'sync', 'pool'] as const;
  const rounds: Rounds = { issuer: [], sync: [], pool: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    // There and back again, so that none always comes after the same other one.
    for (const name of round % 2 === 0 ? order : order.toReversed()) {
      rounds[name].push(await measureRound(servers[name], concurrency));
    }
  }
  return rounds;
}

async function measureRound(server: MeasuredServer, concurrency: number): Promise<ServerFigures> {
  const before = await server.cpuMicroseconds();
  const load = await requestTokens(server, concurrency, ROUND_MILLISECONDS);
  return figures(load, (await server.cpuMicroseconds()) - before);
}

function figures({ milliseconds, latencies }: Load, cpuMicroseconds: number): ServerFigures {
  return {
    cpuMicrosecondsPerToken: cpuMicroseconds / latencies.length,
    tokensPerSecond: (latencies.length / milliseconds) * 1000,
    p50Milliseconds: median(latencies),
    p99Milliseconds: quantile(latencies, 0.99),
  };
}

function compare(alg: Alg, concurrency: number, rounds: Rounds): Comparison {
  const [sync, pool] = [medianFigures(rounds.sync), medianFigures(rounds.pool)];
  const signing = sync.cpuMicrosecondsPerToken <= pool.cpuMicrosecondsPerToken ? 'sync' : 'pool';
  const ratio = (figure: keyof ServerFigures) =>
    median(
      rounds.issuer.map((round, index) => round[figure] / (rounds[signing][index]?.[figure] ?? Number.NaN)),
    );
  return {
    alg,
    concurrency,
    issuer: medianFigures(rounds.issuer),
    floor: { ...(signing === 'sync' ? sync : pool), signing },
    cpuRatio: ratio('cpuMicrosecondsPerToken'),
    tokensPerSecondRatio: ratio('tokensPerSecond'),
  };
}

function medianFigures(rounds: readonly ServerFigures[]): ServerFigures {
  const of = (figure: keyof ServerFigures) => median(rounds.map((round) => round[figure]));
  return {
    cpuMicrosecondsPerToken: of('cpuMicrosecondsPerToken'),
    tokensPerSecond: of('tokensPerSecond'),
    p50Milliseconds: of('p50Milliseconds'),
    p99Milliseconds: of('p99Milliseconds'),
  };
}
