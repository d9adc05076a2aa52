import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareConformance } from '../../scripts/check-conformance.ts';

describe('docs/conformance.md', () => {
  it('names tests that are there, and all of them', async () => {
    assert.deepEqual(await compareConformance(), { namesWithoutTest: [], testsWithoutName: [] });
  });
});
