import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { collectTestNames } from '../../scripts/collect-test-names.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/attacks.md'), 'utf8');
const SECTION =
  /^## (?<title>.+?)\n.*?Tests: \[[^\]]*\]\(\.\.\/(?<file>[^)]+)\)\.\n\n(?<table>(?:\|[^\n]*\n?)+)/gms;

const SECTIONS = [...PAGE.matchAll(SECTION)].map(
  ({ groups: { title = '', file = '', table = '' } = {} }) => ({
    title,
    file,
    attacks: attacksIn(table),
  }),
);

/** The first column of a table, without its heads, as a test's name has it. */
function attacksIn(table: string): readonly string[] {
  const [, , ...rows] = table.trimEnd().split('\n');
  return rows.map((row) => (/^\| (.*?) +\| /.exec(row)?.[1] ?? '').replaceAll(/\\(.)/g, '$1').trim());
}

describe('docs/attacks.md', () => {
  it('has sixty attacks at least, and a heading for each test file', () => {
    assert.ok(SECTIONS.flatMap(({ attacks }) => attacks).length >= 60);
    assert.equal(SECTIONS.length, PAGE.match(/^## /gm)?.length);
  });

  for (const { title, file, attacks } of SECTIONS) {
    describe(title, () => {
      let names: readonly string[];
      before(async () => {
        names = await collectTestNames(join(ROOT, file));
      });

      it('names attacks that are tests, each once', () => {
        const untested = attacks.filter((attack) => !names.some((name) => name.includes(attack)));
        assert.deepEqual(untested, []);
        assert.equal(new Set(attacks).size, attacks.length);
      });

      it('has each attack that the file says is refused as every other', () => {
        const tried = names.flatMap((name) => /refused as every other: (.*) \(RFC/.exec(name)?.[1] ?? []);
        assert.deepEqual([...new Set(tried).difference(new Set(attacks))], []);
      });
    });
  }
});
