import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');

/** What stands in the README for a value that its reader fills in. */
const BLANK = '…';

/** The shell blocks of the README by the heading of their section, each list in the order of the page. */
export async function readmeSections(): Promise<ReadonlyMap<string, readonly string[]>> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const sections = readme.split(/^## /m).map((section) => {
    const heading = section.slice(0, section.indexOf('\n'));
    return [heading, [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block)] as const;
  });
  return new Map(sections.filter(([, blocks]) => blocks.length > 0));
}

/**
 * The shell blocks of one section of the README.
 *
 * @throws Error when it has none: the test that runs them would run nothing
 */
export async function readmeBlocks(section: string): Promise<readonly string[]> {
  const blocks = (await readmeSections()).get(section);
  if (blocks) return blocks;
  throw new Error(`the README has no section "${section}" with a shell block`);
}

/**
 * Runs blocks as their reader does: one after the other in one shell, at the root of the repository, until one fails.
 *
 * @param values what the reader fills in, by the variables that a block sets to `…` or to the usual value
 * @returns what each block wrote to standard output
 * @throws Error when a command fails, or when a blank is left
 */
export async function runBlocks(
  blocks: readonly string[],
  values: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const script = blocks.map((block) => fillIn(block, values)).join("printf '\\0'\n");
  if (script.includes(BLANK)) throw new Error(`a blank of the README is not filled in:\n${script}`);
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: ROOT });
  return stdout.split('\0');
}

function fillIn(block: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce(
    (filled, [name, value]) =>
      filled.replaceAll(new RegExp(`\\b${name}=\\S+`, 'g'), () => `${name}='${value}'`),
    block,
  );
}
