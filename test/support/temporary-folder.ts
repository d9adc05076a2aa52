import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';

/** Gives a test file, or a suite of it, a folder that is removed when its tests have ended; the function tells a path in it. */
export function temporaryFolder(): (...names: readonly string[]) => string {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signet-'));
  });
  after(() => rm(folder, { recursive: true }));
  return (...names) => join(folder, ...names);
}
