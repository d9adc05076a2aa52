import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { countAwsCalls } from './aws-calls.ts';
import { bundleFunctions, measureBundles } from './bundles.ts';
import { compareEndpoints } from './endpoints.ts';
import { measureGrowth } from './growth.ts';
import { compareHandler } from './handlers.ts';
import { performancePage } from './page.ts';
import { moveToLoadCore } from './pinning.ts';
import { plotOf } from './plot.ts';
import { makeReport, type Report, reportTables } from './report.ts';

const PAGE = join(import.meta.dirname, '../docs/performance.md');
const PLOT = join(import.meta.dirname, '../docs/performance.svg');

const HELP = `Measures the embedded issuer's token endpoint beside a floor and other issuers, and as its store grows; the Lambda bundles; the AWS calls
of a token, and what it costs. Keycloak takes part where there are Java and Maven, Ory Hydra where there is a hydra on the PATH.

npm run bench -- [options]

  --json   write the figures as JSON
  --write  write them into docs/performance.md and docs/performance.svg too
  --help   show this
`;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else {
  const report = await measure();
  if (values.write) {
    await writeFile(PAGE, performancePage(report));
    await writeFile(PLOT, plotOf(report.endpoints));
  }
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
}

async function measure(): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'signet-bundles-'));
  moveToLoadCore();
  try {
    const endpoints = await compareEndpoints(progress);
    const growth = await measureGrowth(progress);
    progress('bundles');
    const bundles = await bundleFunctions(folder);
    const measured = await measureBundles(bundles, folder);
    const token = bundles.get('token') ?? '';
    progress('the handler');
    const handlers = await compareHandler(token);
    progress('AWS calls');
    const awsCalls = await countAwsCalls(token);
    return makeReport({ endpoints, growth, handlers, bundles: measured, awsCalls });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function progress(text: string): void {
  process.stderr.write(`${text}…\n`);
}

function reportText(report: Report): string {
  return `${[report.machine, ...Object.values(reportTables(report))].join('\n\n')}\n`;
}
