import type { Compared, Comparison } from './endpoints.ts';
import { markdownTable } from './markdown-table.ts';

/** How Signet compares with each of the others, and the figures of all. */
export function endpointTables(comparisons: readonly Comparison[]) {
  return {
    ratios: markdownTable(
      ['request', 'algorithm', 'at a time', 'beside', 'CPU per request', 'requests per second', 'p50', 'p99'],
      comparisons.flatMap(({ request, alg, concurrency, servers }) =>
        others(servers).map(({ name, ratios }) => [
          request,
          alg,
          String(concurrency),
          name,
          ratios.cpuMicrosecondsPerRequest.toFixed(2),
          ratios.requestsPerSecond.toFixed(2),
          ratios.p50Milliseconds.toFixed(2),
          ratios.p99Milliseconds.toFixed(2),
        ]),
      ),
    ),
    figures: markdownTable(
      ['request', 'algorithm', 'at a time', 'server', 'CPU per request', 'requests per second', 'p50', 'p99'],
      comparisons.flatMap(({ request, alg, concurrency, servers }) =>
        servers.map(({ name, figures }) => [
          request,
          alg,
          String(concurrency),
          name,
          `${figures.cpuMicrosecondsPerRequest.toFixed(0)} µs`,
          figures.requestsPerSecond.toFixed(0),
          `${figures.p50Milliseconds.toFixed(2)} ms`,
          `${figures.p99Milliseconds.toFixed(2)} ms`,
        ]),
      ),
    ),
  };
}

/** All but Signet itself, and of the two floors the one that takes less CPU. */
function others(servers: readonly Compared[]): readonly Compared[] {
  const cpu = ({ figures }: Compared) => figures.cpuMicrosecondsPerRequest;
  const [, dearer] = servers.filter(isFloor).toSorted((one, other) => cpu(one) - cpu(other));
  return servers.filter((server) => server.name !== 'signet' && server !== dearer);
}

function isFloor({ name }: Compared): boolean {
  return name.startsWith('floor');
}
