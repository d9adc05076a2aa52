import type { Growth } from './growth.ts';
import { markdownTable } from './markdown-table.ts';

/** What requests cost as the store grows. */
export function growthTable(growth: readonly Growth[]): string {
  return markdownTable(
    ['request', 'in the store', 'CPU', 'p50', 'p99'],
    growth.map(({ request, stored, figures }) => [
      request,
      stored,
      `${figures.cpuMicrosecondsPerRequest.toFixed(0)} µs`,
      `${figures.p50Milliseconds.toFixed(2)} ms`,
      `${figures.p99Milliseconds.toFixed(2)} ms`,
    ]),
  );
}
