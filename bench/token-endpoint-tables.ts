import { markdownTable } from './markdown-table.ts';
import type { Compared, Comparison } from './token-endpoint.ts';

/** How Signet compares with each of the others, and the figures of all. */
export function tokenEndpointTables(comparisons: readonly Comparison[]) {
  return {
    ratios: markdownTable(
      ['algorithm', 'at a time', 'beside', 'CPU per token', 'tokens per second', 'p50', 'p99'],
      comparisons.flatMap(({ alg, concurrency, servers }) =>
        others(servers).map(({ name, ratios }) => [
          alg,
          String(concurrency),
          name,
          ratios.cpuMicrosecondsPerToken.toFixed(2),
          ratios.tokensPerSecond.toFixed(2),
          ratios.p50Milliseconds.toFixed(2),
          ratios.p99Milliseconds.toFixed(2),
        ]),
      ),
    ),
    figures: markdownTable(
      ['algorithm', 'at a time', 'server', 'CPU per token', 'tokens per second', 'p50', 'p99'],
      comparisons.flatMap(({ alg, concurrency, servers }) =>
        servers.map(({ name, figures }) => [
          alg,
          String(concurrency),
          name,
          `${figures.cpuMicrosecondsPerToken.toFixed(0)} µs`,
          figures.tokensPerSecond.toFixed(0),
          `${figures.p50Milliseconds.toFixed(2)} ms`,
          `${figures.p99Milliseconds.toFixed(2)} ms`,
        ]),
      ),
    ),
  };
}

/** All but Signet itself, and of the two floors the one that takes less CPU. */
function others(servers: readonly Compared[]): readonly Compared[] {
  const cpu = ({ figures }: Compared) => figures.cpuMicrosecondsPerToken;
  const [, dearer] = servers.filter(isFloor).toSorted((one, other) => cpu(one) - cpu(other));
  return servers.filter((server) => server.name !== 'signet' && server !== dearer);
}

function isFloor({ name }: Compared): boolean {
  return name.startsWith('floor');
}
