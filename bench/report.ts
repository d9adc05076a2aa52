import { arch, cpus, type } from 'node:os';
import esbuild from 'esbuild/package.json' with { type: 'json' };
import project from '../package.json' with { type: 'json' };
import type { AwsCalls } from './aws-calls.ts';
import type { Bundle } from './bundles.ts';
import { KEYCLOAK_VERSION } from './contenders/keycloak.ts';
import { costTable } from './cost.ts';
import { endpointTables } from './endpoint-tables.ts';
import type { Comparison } from './endpoints.ts';
import type { Growth } from './growth.ts';
import { growthTable } from './growth-table.ts';
import type { HandlerComparison } from './handlers.ts';
import { markdownTable } from './markdown-table.ts';
import { CAN_PIN } from './pinning.ts';

/** All that one run measured, and where. */
export interface Report {
  readonly date: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly endpoints: readonly Comparison[];
  readonly growth: readonly Growth[];
  readonly handlers: readonly HandlerComparison[];
  readonly bundles: readonly Bundle[];
  readonly awsCalls: readonly AwsCalls[];
}

/** Puts what was measured beside the machine, the versions and the day. */
export function makeReport(measured: Omit<Report, 'date' | 'machine' | 'versions'>): Report {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores of ${cpu?.model.trim() ?? arch()}, ${type()} on ${arch()}${CAN_PIN ? '' : ', servers and load on no core of their own'}`,
    versions: {
      signet: project.version,
      node: process.versions.node,
      openssl: process.versions.openssl,
      esbuild: esbuild.version,
      'node-oidc-provider': project.devDependencies['oidc-provider'],
      Keycloak: KEYCLOAK_VERSION,
    },
    ...measured,
  };
}

/** The tables of a report, in Markdown that reads well as text. */
export function reportTables({ endpoints, growth, handlers, bundles, awsCalls }: Report) {
  return {
    ...endpointTables(endpoints),
    growth: growthTable(growth),
    handlers: markdownTable(
      ['beside', 'the handler', 'the least', 'ratio'],
      handlers.map(({ work, handler, floor, ratio }) => [
        work,
        `${handler.toFixed(0)} µs`,
        `${floor.toFixed(0)} µs`,
        ratio.toFixed(2),
      ]),
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
    cost: costTable(),
  };
}

function callsText(calls: readonly string[]): string {
  return `${calls.length}: ${calls.join(', ')}`;
}
