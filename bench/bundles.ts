import { execFile } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { BUNDLING } from '../infra/bundling.ts';
import { functionEnvironment } from '../test/support/aws-issuer.ts';
import { bundlePlainClients } from './plain-clients.ts';
import { median } from './statistics.ts';

const FUNCTIONS = join(import.meta.dirname, '../functions');
const RUNS = 15;

/** Has no code at all: what its import takes, every import takes. */
const EMPTY = 'empty';

/** What every bundle's import is compared with. */
const PLAIN_CLIENTS = 'plain-clients';

/** Imports a bundle as Lambda does, and writes how many milliseconds that took. */
const TIMED_IMPORT = `
import { createRequire } from 'node:module';
const require = createRequire(process.argv[1]);
const start = performance.now();
require(process.argv[1]);
console.log(performance.now() - start);
`;

/** The bundle of one Lambda function, or of the AWS clients alone. */
export interface Bundle {
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds that its import takes in a new process, above an empty module's; the median. */
  readonly importMilliseconds: number;
  /** How many times what the import of the plainly bundled AWS clients takes; the median. */
  readonly importRatio: number;
}

/** Bundles every function as the stack does, into a folder, and tells the paths by name. */
export async function bundleFunctions(folder: string): Promise<ReadonlyMap<string, string>> {
  const entryPoints = globSync('*.ts', { cwd: FUNCTIONS }).sort();
  await build({
    ...BUNDLING,
    absWorkingDir: FUNCTIONS,
    entryPoints,
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    logLevel: 'warning',
  });
  return new Map(
    entryPoints.map((file) => basename(file, '.ts')).map((name) => [name, join(folder, `${name}.cjs`)]),
  );
}

/** Measures bundles by their size and the time of their import. */
export async function measureBundles(
  bundles: ReadonlyMap<string, string>,
  folder: string,
): Promise<readonly Bundle[]> {
  const empty = join(folder, `${EMPTY}.cjs`);
  const plain = join(folder, `${PLAIN_CLIENTS}.cjs`);
  await writeFile(empty, '');
  await bundlePlainClients(plain);
  const compared = new Map([...bundles, [PLAIN_CLIENTS, plain]]);
  const files = new Map([[EMPTY, empty], ...compared]);
  const times = new Map([...files.keys()].map((name) => [name, [] as number[]]));
  // All in turn, again and again, so that whatever else the machine does meets all alike.
  for (let run = 0; run < RUNS; run += 1) {
    for (const [name, file] of files) times.get(name)?.push(await timeImport(file));
  }
  const aboveEmpty = (name: string) =>
    (times.get(name) ?? []).map((time, run) => time - (times.get(EMPTY)?.[run] ?? Number.NaN));
  const plainTimes = aboveEmpty(PLAIN_CLIENTS);
  return [...compared].map(([name, file]) => ({
    name,
    bytes: statSync(file).size,
    importMilliseconds: median(aboveEmpty(name)),
    importRatio: median(aboveEmpty(name).map((time, run) => time / (plainTimes[run] ?? Number.NaN))),
  }));
}

async function timeImport(file: string): Promise<number> {
  const { NODE_COMPILE_CACHE: _, ...environment } = process.env;
  const env = { ...environment, ...functionEnvironment('http://127.0.0.1:9') };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', TIMED_IMPORT, file],
    { env },
  );
  return Number(stdout);
}
