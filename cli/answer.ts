import CliTable from 'cli-table3';
import { terminalText } from './terminal-text.ts';

/** What a command found or did: the same for scripts and for people. */
export interface Answer {
  readonly json: unknown;
  readonly text: string;
}

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** A record as two columns: the names of its members, and their values. */
export function recordText(record: object): string {
  return table(
    [],
    Object.entries(record).map(([name, value]) => [name, cell(name, value)]),
  );
}

/** Records as a table of some of their members; a sentence when there are none. */
export function listText<Item extends object>(
  items: readonly Item[],
  columns: readonly (keyof Item & string)[],
  none: string,
): string {
  if (items.length === 0) return none;
  return table(
    columns,
    items.map((item) => columns.map((name) => cell(name, item[name]))),
  );
}

function table(head: readonly string[], rows: readonly string[][]): string {
  const style = { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true };
  const cells = new CliTable({ head: [...head], chars: NO_LINES, style });
  cells.push(...rows);
  return cells.toString().replaceAll(/ +$/gm, '');
}

/** What the names of times end in, in seconds since the epoch (RFC 7591 §3.2.1); people read them as dates. */
const TIME = /_(?:at|from|until)$/;

function cell(name: string, value: unknown): string {
  if (value === undefined) return '';
  if (name === 'claims' || name === 'schema') return terminalText(JSON.stringify(value));
  if (typeof value === 'number' && TIME.test(name)) return new Date(value * 1000).toISOString();
  if (Array.isArray(value))
    return value.map((element) => cell('', element)).join(value.every(isText) ? ' ' : '\n');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([member, inner]) =>
        isText(inner) || Array.isArray(inner) ? cell(member, inner) : `${member}=${cell(member, inner)}`,
      )
      .join('  ');
  }
  return terminalText(String(value));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
