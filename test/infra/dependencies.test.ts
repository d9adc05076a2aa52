import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import project from '../../package.json' with { type: 'json' };
import lock from '../../package-lock.json' with { type: 'json' };

/** By their paths; where they come from is for whoever installs them to say, and what they are for their hashes. */
const LOCKED: Readonly<Record<string, LockedPackage>> = lock.packages;

interface LockedPackage {
  readonly version: string;
  readonly integrity?: string;
  /** A place of its own, such as a git repository. */
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  /** It comes within another, whose hash is of both. */
  readonly inBundle?: boolean;
}

test('every package is the one that was chosen, by its hash', () => {
  const { '': ours, ...others } = LOCKED;
  const unsure = Object.entries(others).filter(
    ([, { inBundle, integrity = '', resolved }]) =>
      !inBundle && (!integrity.startsWith('sha512-') || resolved !== undefined),
  );
  assert.deepEqual(unsure, []);
});

test('packages are chosen by one version, and not by a range', () => {
  const versions = Object.values({ ...project.dependencies, ...project.devDependencies });
  for (const version of versions) assert.match(version, /^\d+\.\d+\.\d+$/);
});

test('no package runs code of its own when it is installed, but for those that are allowed to by name', () => {
  const scripts = Object.entries(LOCKED).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript ? [path.replace('node_modules/', '')] : [],
  );
  assert.deepEqual(scripts.sort(), Object.keys(project.allowScripts).sort());
});

test('workflows may read the repository and no more, and use actions by their commits', () => {
  const root = join(import.meta.dirname, '../../.github/workflows');
  for (const file of globSync('*.yml', { cwd: root })) {
    const workflow = readFileSync(join(root, file), 'utf8');
    assert.match(workflow, /^permissions:\n {2}contents: read\n\n/m);
    for (const [, action = ''] of workflow.matchAll(/uses: (\S+)/g)) assert.match(action, /@[0-9a-f]{40}$/);
  }
});
