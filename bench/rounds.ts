import type { MeasuredServer } from './contenders/measured-server.ts';
import { sendRequests } from './load.ts';
import { median, quantile } from './statistics.ts';

/** Short rounds and many: whatever else the machine does meets all servers alike. */
const ROUND_MILLISECONDS = 250;
const ROUNDS = 15;

/** Before so many answers a server is still compiling itself, in threads whose CPU time would count; a slow one is not waited for. */
const WARM_UP_REQUESTS = 20_000;
const WARM_UP_CONCURRENCY = 16;
const WARM_UP_MAX_MILLISECONDS = 30_000;

/** What one server did in a round. */
export interface ServerFigures {
  readonly cpuMicrosecondsPerRequest: number;
  readonly requestsPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
}

/** Has a server answer until it is as fast as it gets. */
export async function warmUp(server: MeasuredServer): Promise<void> {
  const deadline = performance.now() + WARM_UP_MAX_MILLISECONDS;
  let answered = 0;
  while (answered < WARM_UP_REQUESTS && performance.now() < deadline) {
    answered += (await sendRequests(server, WARM_UP_CONCURRENCY, ROUND_MILLISECONDS)).latencies.length;
  }
}

/** Measures servers in rounds in which they take turns: what each did in each round, by its name. */
export async function alternate<Name>(
  servers: ReadonlyMap<Name, MeasuredServer>,
  concurrency: number,
): Promise<ReadonlyMap<Name, readonly ServerFigures[]>> {
  const order = [...servers];
  const rounds = new Map(order.map(([name]) => [name, [] as ServerFigures[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    // There and back again, so that none always comes after the same other one.
    for (const [name, server] of round % 2 === 0 ? order : order.toReversed()) {
      rounds.get(name)?.push(await measureRound(server, concurrency));
    }
  }
  return rounds;
}

async function measureRound(server: MeasuredServer, concurrency: number): Promise<ServerFigures> {
  const before = await server.cpuMicroseconds();
  const { milliseconds, latencies } = await sendRequests(server, concurrency, ROUND_MILLISECONDS);
  return {
    cpuMicrosecondsPerRequest: ((await server.cpuMicroseconds()) - before) / latencies.length,
    requestsPerSecond: (latencies.length / milliseconds) * 1000,
    p50Milliseconds: median(latencies),
    p99Milliseconds: quantile(latencies, 0.99),
  };
}

/** The median of the rounds, figure by figure. */
export function medians(rounds: readonly ServerFigures[]): ServerFigures {
  return each((figure) => median(rounds.map((round) => round[figure])));
}

/** How many times as much one has as the other, figure by figure. */
export function ratio(one: ServerFigures | undefined, other: ServerFigures): ServerFigures {
  return each((figure) => (one?.[figure] ?? Number.NaN) / other[figure]);
}

function each(value: (figure: keyof ServerFigures) => number): ServerFigures {
  return {
    cpuMicrosecondsPerRequest: value('cpuMicrosecondsPerRequest'),
    requestsPerSecond: value('requestsPerSecond'),
    p50Milliseconds: value('p50Milliseconds'),
    p99Milliseconds: value('p99Milliseconds'),
  };
}
