import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { collectTestNames } from './collect-test-names.ts';

const ROOT = join(import.meta.dirname, '..');
const REQUIREMENTS = join(ROOT, 'docs/conformance.md');
const SUITE = join(ROOT, 'test/embedded/conformance.test.ts');

/** Where the page and the suite do not agree. */
export interface Disagreement {
  /** What the page names and no test is called. */
  readonly namesWithoutTest: readonly string[];
  /** Tests that the page does not name. */
  readonly testsWithoutName: readonly string[];
}

/**
 * Compares docs/conformance.md with the suite. Below a requirement, each line in backticks is the name of a test, in which `…`
 * stands for what differs between the tests of a loop.
 */
export async function compareConformance(): Promise<Disagreement> {
  const [tests, names] = await Promise.all([collectTestNames(SUITE), namesInPage()]);
  const patterns = names.map(pattern);
  return {
    namesWithoutTest: names.filter((_, index) => !tests.some((test) => patterns[index]?.test(test))),
    testsWithoutName: tests.filter((test) => !patterns.some((expression) => expression.test(test))),
  };
}

async function namesInPage(): Promise<readonly string[]> {
  const page = await readFile(REQUIREMENTS, 'utf8');
  return [...new Set([...page.matchAll(/^ {2}- `(.*)`$/gm)].map(([, name = '']) => name))];
}

/** The page leaves out which issuer runs the suite. */
function pattern(name: string): RegExp {
  return new RegExp(`^(.* › )?${name.split('…').map(RegExp.escape).join('.*')}$`);
}

if (import.meta.main) {
  const { namesWithoutTest, testsWithoutName } = await compareConformance();
  for (const name of namesWithoutTest) console.error(`No test is called: ${name}`);
  for (const test of testsWithoutName) console.error(`The page does not name: ${test}`);
  process.exitCode = namesWithoutTest.length + testsWithoutName.length > 0 ? 1 : 0;
}
