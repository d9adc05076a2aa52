import { execFile } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { BUNDLING } from '../infra/bundling.ts';
import { functionEnvironment } from '../test/support/aws-issuer.ts';
import { median } from './statistics.ts';

const FUNCTIONS = join(import.meta.dirname, '../functions');
const RUNS = 15;

/** Has no code at all: what its import takes, every import takes. */
const EMPTY = 'empty';

/** Imports a bundle and writes how many milliseconds that took. */
const TIMED_IMPORT =
  'const start = performance.now(); await import(process.argv[1]); console.log(performance.now() - start);';

/** The bundle of one Lambda function. */
export interface Bundle {
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds that its import takes in a new process, above an empty module's; the median. */
  readonly importMilliseconds: number;
}

/** Bundles every function as the stack does, into a folder, and tells the paths by name. */
export async function bundleFunctions(folder: string): Promise<ReadonlyMap<string, string>> {
  const entryPoints = globSync('*.ts', { cwd: FUNCTIONS }).sort();
  await build({
    ...BUNDLING,
    absWorkingDir: FUNCTIONS,
    entryPoints,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    logLevel: 'warning',
  });
  return new Map(
    entryPoints.map((file) => basename(file, '.ts')).map((name) => [name, join(folder, `${name}.mjs`)]),
  );
}

/** Measures bundles by their size and the time of their import. */
export async function measureBundles(
  bundles: ReadonlyMap<string, string>,
  folder: string,
): Promise<readonly Bundle[]> {
  const empty = join(folder, `${EMPTY}.mjs`);
  await writeFile(empty, '');
  const files = new Map([[EMPTY, empty], ...bundles]);
  const times = new Map([...files.keys()].map((name) => [name, [] as number[]]));
  // All in turn, again and again, so that whatever else the machine does meets all alike.
  for (let run = 0; run < RUNS; run += 1) {
    for (const [name, file] of files) times.get(name)?.push(await timeImport(file));
  }
  const emptyTime = median(times.get(EMPTY) ?? []);
  return [...bundles].map(([name, file]) => ({
    name,
    bytes: statSync(file).size,
    importMilliseconds: median(times.get(name) ?? []) - emptyTime,
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
