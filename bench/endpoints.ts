import type { Alg } from '../core/jose/algorithms.ts';
import { CONTENDERS, type Contender } from './contenders/contenders.ts';
import type { MeasuredServer } from './contenders/measured-server.ts';
import { asksForIntrospection, tokenOf } from './introspection-request.ts';
import { alternate, medians, ratio, type ServerFigures, warmUp } from './rounds.ts';

const ALGS = ['RS256', 'ES256'] as const satisfies readonly Alg[];
const CONCURRENCIES = [1, 16] as const;

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
  readonly alg: (typeof ALGS)[number];
  readonly concurrency: number;
  readonly servers: readonly Compared[];
}

type Servers = ReadonlyMap<Contender, MeasuredServer>;

/** With whom Signet takes turns: a server that runs does something also when nobody asks it, and these differ in how much. */
const GROUPS = [
  ['floor, signs at once', 'floor, signs in the pool'],
  ['node-oidc-provider'],
  ['Keycloak'],
  ['Ory Hydra'],
] as const satisfies readonly (readonly Contender[])[];

/** These alone are asked for introspection: the others answer it in ways of their own. */
const INTROSPECTED = new Set<Contender>(['signet', 'floor, signs at once']);

/** Compares the embedded issuer with others, in rounds that alternate. */
export async function compareEndpoints(progress: (text: string) => void): Promise<readonly Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const alg of ALGS) {
    for (const group of GROUPS)
      comparisons.push(...(await compareGroup(alg, ['signet', ...group], progress)));
  }
  return comparisons.toSorted((one, other) => orderOf(one) - orderOf(other));
}

/** Loads together, whoever bore them. */
function orderOf({ request, alg, concurrency }: Comparison): number {
  return 100 * ALGS.indexOf(alg) + (request === 'a token' ? 0 : 50) + concurrency;
}

async function compareGroup(
  alg: Comparison['alg'],
  names: readonly Contender[],
  progress: (text: string) => void,
): Promise<readonly Comparison[]> {
  const servers = new Map<Contender, MeasuredServer>();
  try {
    for (const name of names) {
      progress(`${alg}: ${name} starts and warms up`);
      const server = await CONTENDERS[name](alg);
      if (server) {
        servers.set(name, server);
        await warmUp(server);
      } else progress(`${name} is not to be had here`);
    }
    const comparisons: Comparison[] = [];
    for (const [request, asked] of [
      ['a token', servers],
      ['introspection of a JWT', await askForIntrospection(servers)],
    ] as const) {
      if (asked.size < 2) continue;
      for (const concurrency of CONCURRENCIES) {
        progress(`${alg}: ${request}, ${concurrency} at a time`);
        comparisons.push({ request, alg, concurrency, servers: await compare(asked, concurrency) });
      }
    }
    return comparisons;
  } finally {
    for (const server of servers.values()) await server.stop();
  }
}

async function askForIntrospection(servers: Servers): Promise<Servers> {
  const introspecting = new Map<Contender, MeasuredServer>();
  for (const [name, server] of servers) {
    if (!INTROSPECTED.has(name)) continue;
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
