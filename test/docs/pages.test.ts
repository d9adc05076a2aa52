import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import project from '../../package.json' with { type: 'json' };

const ROOT = join(import.meta.dirname, '../..');
const PAGES = globSync(['*.md', 'docs/**/*.md', 'examples/*.md'], { cwd: ROOT });

/** What inline code begins with when it names a file or folder of the repository. */
const IN_REPOSITORY =
  /^(adapters|bench|cli|core|docs|examples|functions|http|infra|scripts|test|\.ci|\.github)\/[\w./-]*$/;

for (const page of PAGES) {
  describe(page, () => {
    const text = read(page);

    it('links to files and headings that exist', () => {
      const targets = matches(text, /\]\(([^)\s]+)\)/g).filter((target) => !/^[a-z]+:/.test(target));
      assert.deepEqual(
        targets.filter((target) => !isThere(target, page)),
        [],
      );
    });

    it('names files that exist', () => {
      const files = matches(text, /`([^`\n]+)`/g).filter((code) => IN_REPOSITORY.test(code));
      assert.deepEqual(
        files.filter((file) => !existsSync(join(ROOT, file))),
        [],
      );
    });

    it('names npm scripts that exist', () => {
      const scripts = matches(text, /npm run ([\w:-]+)/g);
      assert.deepEqual(
        scripts.filter((script) => !Object.hasOwn(project.scripts, script)),
        [],
      );
    });
  });
}

for (const page of ['docs/threat-model.md', 'docs/conformance.md']) {
  describe(page, () => {
    for (const [, name = '', file = ''] of testsIn(read(page))) {
      it(`names a test that exists: ${name}`, () => assert.match(read(file), testName(name)));
    }
  });
}

describe('docs/threat-model.md', () => {
  for (const boundary of read('docs/threat-model.md')
    .split(/^## (?=\d)/m)
    .slice(1)) {
    it(`names a test for each threat at ${boundary.split('\n')[0]}`, () => {
      const [head, , ...threats] = matches(boundary, /^\|(.*)$/gm);
      assert.match(head ?? '', /an attacker would/);
      assert.notEqual(threats.length, 0);
      assert.deepEqual(
        threats.filter((threat) => !/^ [STRIDE] /.test(threat) || testsIn(threat).length === 0),
        [],
      );
    });
  }
});

/** The tests that a part of a page names, each with its file. */
function testsIn(part: string): readonly RegExpMatchArray[] {
  return [...part.matchAll(/\[([^\]]+)\]\(\.\.\/(test\/[^)]+)\)/g)];
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function matches(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, match = '']) => match);
}

function isThere(target: string, page: string): boolean {
  const [path = '', heading] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, file))) return false;
  if (heading === undefined) return true;
  return (
    statSync(join(ROOT, file)).isFile() &&
    matches(read(file), /^#+ (.+)$/gm)
      .map(anchor)
      .includes(heading)
  );
}

/** The fragment that GitHub gives a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
}

/** Matches a test's name in its file; `…` stands for what differs from row to row of a table of tests. */
function testName(name: string): RegExp {
  return new RegExp(`(it|test|describe)\\(\\s*(['"\`])${name.split('…').map(RegExp.escape).join('.*')}\\2`);
}
