import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { functionEnvironment } from '../support/aws-issuer.ts';

const FUNCTIONS = join(import.meta.dirname, '../../functions');

for (const file of globSync('*.ts', { cwd: FUNCTIONS }).sort()) {
  test(`functions/${file} starts with the settings that benchmarks and tests give all of them`, async () => {
    Object.assign(process.env, functionEnvironment('http://127.0.0.1:9'));
    const { handler } = await import(join(FUNCTIONS, file));
    assert.equal(typeof handler, 'function');
  });
}
