import { arch, availableParallelism, cpus, type } from 'node:os';
import esbuild from 'esbuild/package.json' with { type: 'json' };
import project from '../package.json' with { type: 'json' };
import type { AwsCalls } from './aws-calls.ts';
import type { Bundle } from './bundles.ts';
import { markdownTable } from './markdown-table.ts';
import type { Comparison } from './token-endpoint.ts';

/** All that one run measured, and where. */
export interface Report {
  readonly date: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly tokenEndpoint: readonly Comparison[];
  readonly bundles: readonly Bundle[];
  readonly awsCalls: readonly AwsCalls[];
}

/** Puts what was measured beside the machine, the versions and the day. */
export function makeReport(measured: Pick<Report, 'tokenEndpoint' | 'bundles' | 'awsCalls'>): Report {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${availableParallelism()} cores of ${cpu?.model.trim() ?? arch()}, ${type()} on ${arch()}`,
    versions: {
      signet: project.version,
      node: process.versions.node,
      openssl: process.versions.openssl,
      esbuild: esbuild.version,
    },
    ...measured,
  };
}

/** The tables of a report, in Markdown that reads well as text. */
export function reportTables({ tokenEndpoint, bundles, awsCalls }: Report) {
  return {
    ratios: markdownTable(
      ['algorithm', 'at a time', 'CPU per token', 'tokens per second'],
      tokenEndpoint.map(({ alg, concurrency, cpuRatio, tokensPerSecondRatio }) => [
        alg,
        String(concurrency),
        cpuRatio.toFixed(2),
        tokensPerSecondRatio.toFixed(2),
      ]),
    ),
    figures: markdownTable(
      ['algorithm', 'at a time', 'server', 'CPU per token', 'tokens per second', 'p50', 'p99'],
      tokenEndpoint.flatMap(({ alg, concurrency, issuer, floor }) =>
        [
          { ...issuer, name: 'issuer' },
          { ...floor, name: `floor, signs ${floor.signing === 'sync' ? 'at once' : 'in the pool'}` },
        ].map((server) => [
          alg,
          String(concurrency),
          server.name,
          `${server.cpuMicrosecondsPerToken.toFixed(0)} µs`,
          server.tokensPerSecond.toFixed(0),
          `${server.p50Milliseconds.toFixed(2)} ms`,
          `${server.p99Milliseconds.toFixed(2)} ms`,
        ]),
      ),
    ),
    bundles: markdownTable(
      ['function', 'size', 'import', 'of the plain clients'],
      bundles.map(({ name, bytes, importMilliseconds, importRatio }) => [
        `\`${name}\``,
        `${(bytes / 1000).toFixed(1)} kB`,
        `${importMilliseconds.toFixed(1)} ms`,
        importRatio.toFixed(2),
      ]),
    ),
    awsCalls: markdownTable(
      ['`SIGNET_CACHE_SECONDS`', 'first token of an environment', 'each token after it'],
      awsCalls.map(({ cacheSeconds, firstToken, nextToken }) => [
        String(cacheSeconds),
        callsText(firstToken),
        callsText(nextToken),
      ]),
    ),
  };
}

function callsText(calls: readonly string[]): string {
  return `${calls.length}: ${calls.join(', ')}`;
}
