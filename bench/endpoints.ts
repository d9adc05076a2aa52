import type { Alg } from '../core/jose/algorithms.ts';
import { CONTENDERS, type Contender } from './contenders/contenders.ts';
import type { MeasuredServer } from './contenders/measured-server.ts';
import { asksForIntrospection, tokenOf } from './introspection-request.ts';
import { measureRound, medians, ratio, type ServerFigures, warmUp } from './rounds.ts';

const ALGS = ['RS256', 'ES256'] as const satisfies readonly Alg[];
const CONCURRENCIES = [1, 16] as const;
const ROUNDS = 15;

/** One server under one load. */
export interface Compared {
  readonly name: Contender;
  readonly figures: ServerFigures;
  /** How many times as much Signet has of each, in the median of the rounds. */
  readonly ratios: ServerFigures;
}

/** Signet and others under one load. */
export interface Comparison {
  readonly request: 'a token' | 'introspection of a JWT';
  readonly alg: Alg;
  readonly concurrency: number;
  readonly servers: readonly Compared[];
}

type Servers = ReadonlyMap<Contender, MeasuredServer>;
type Rounds = ReadonlyMap<Contender, ServerFigures[]>;

const NAMES = Object.keys(CONTENDERS) as readonly Contender[];

/** These alone are asked for introspection: the others answer it in ways of their own. */
const INTROSPECTED = ['signet', 'floor, signs at once'] as const satisfies readonly Contender[];

/** Compares the embedded issuer with others, in rounds that alternate. */
export async function compareEndpoints(progress: (text: string) => void): Promise<readonly Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const alg of ALGS) {
    const servers = new Map<Contender, MeasuredServer>();
    try {
      for (const name of NAMES) {
        progress(`token endpoint, ${alg}: ${name} starts and warms up`);
        const server = await CONTENDERS[name](alg);
        if (!server) {
          progress(`${name} is not to be had here`);
          continue;
        }
        servers.set(name, server);
        await warmUp(server);
      }
      const introspecting = await askForIntrospection(servers);
      for (const [request, asked] of [
        ['a token', servers],
        ['introspection of a JWT', introspecting],
      ] as const) {
        for (const concurrency of CONCURRENCIES) {
          progress(`${request}, ${alg}: ${concurrency} at a time`);
          comparisons.push({ request, alg, concurrency, servers: await compare(asked, concurrency) });
        }
      }
    } finally {
      for (const server of servers.values()) await server.stop();
    }
  }
  return comparisons;
}

async function askForIntrospection(servers: Servers): Promise<Servers> {
  const introspecting = new Map<Contender, MeasuredServer>();
  for (const name of INTROSPECTED) {
    const server = servers.get(name);
    if (!server) continue;
    const asked = asksForIntrospection(server, await tokenOf(server));
    await warmUp(asked);
    introspecting.set(name, asked);
  }
  return introspecting;
}

async function compare(servers: Servers, concurrency: number): Promise<readonly Compared[]> {
  const rounds = await alternate(servers, concurrency);
  const signet = rounds.get('signet') ?? [];
  return [...rounds].map(([name, own]) => ({
    name,
    figures: medians(own),
    ratios: medians(own.map((round, index) => ratio(signet[index], round))),
  }));
}

async function alternate(servers: Servers, concurrency: number): Promise<Rounds> {
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
