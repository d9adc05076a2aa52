import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { markdownTable } from '../../bench/markdown-table.ts';

const PAGE = join(import.meta.dirname, '../../docs/operations.md');
const BEGIN = '<!-- Made by `npm run faults`: change test/deployed/fault-page.ts. -->';
const END = '<!-- The end of what it made. -->';
const BLOCK = new RegExp(`(?<=${BEGIN}\n\n).*(?=\n\n${END})`, 's');

/** How long each took is what this machine did then. */
const SECONDS = /\d+\.\d s/g;

/** What was answered in a fault. */
export interface FaultRow {
  readonly fault: string;
  /** In the order of the columns. */
  readonly answers: readonly string[];
  readonly longestSeconds: number;
}

/** Tells what was answered in a fault, a table under each title. */
export function faultTables(
  columns: readonly string[],
  parts: readonly { readonly title: string; readonly rows: readonly FaultRow[] }[],
): string {
  const tables = parts.map(({ title, rows }) => {
    const body = rows.map(({ fault, answers, longestSeconds }) => [
      fault,
      ...answers,
      `${longestSeconds.toFixed(1)} s`,
    ]);
    return `${title}:\n\n${markdownTable(['', ...columns, 'longest'], body)}`;
  });
  return tables.join('\n\n');
}

/** The tables as docs/operations.md has them. */
export async function tablesOfPage(): Promise<string | undefined> {
  return BLOCK.exec(await readFile(PAGE, 'utf8'))?.[0];
}

/** Puts these tables in their place. */
export async function writeToPage(tables: string): Promise<void> {
  await writeFile(
    PAGE,
    (await readFile(PAGE, 'utf8')).replace(BLOCK, () => tables),
  );
}

/** Tables without how long answers took, and the width of columns that follows from it. */
export function withoutTimes(tables: string | undefined): string | undefined {
  return tables?.replaceAll(SECONDS, '').replaceAll(/ +\|/g, ' |');
}
