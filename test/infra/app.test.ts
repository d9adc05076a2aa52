import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/temporary-folder.ts';

const APP = join(import.meta.dirname, '../../infra/app.ts');
const pathOf = temporaryFolder();

test('the app is synthesized without an AWS account, region or credentials', () => {
  const { status, stderr } = runApp({ stack: 'Payments' });
  assert.equal(status, 0, stderr);
  assert.ok(existsSync(pathOf('Payments.template.json')));
});

test('a wrong context ends the app with a sentence and nothing else', () => {
  assert.deepEqual(runApp({ api: 'soap' }), { status: 2, stderr: '-c api: write http or rest\n' });
});

/** Runs the app as the CDK CLI does. */
function runApp(context: Readonly<Record<string, string>>): {
  readonly status: number | null;
  readonly stderr: string;
} {
  const { status, stderr } = spawnSync(process.execPath, [APP], {
    encoding: 'utf8',
    env: {
      CDK_OUTDIR: pathOf(),
      CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:bundling-stacks': [], ...context }),
    },
  });
  return { status, stderr };
}
