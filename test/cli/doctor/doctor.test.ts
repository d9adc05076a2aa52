import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { diagnosisText } from '../../../cli/doctor/diagnosis-text.ts';
import { callSignet } from '../../support/signet-in-process.ts';

describe('signet doctor for people', () => {
  it('tells what is well on a line', () => {
    const text = diagnosisText({ check: 'permissions', status: 'ok', found: 'all is well' });
    assert.equal(text, 'ok       permissions  all is well');
  });

  it('tells what is wrong on a line and what to do on another, without what a terminal would obey', () => {
    const diagnosis = {
      check: 'kms',
      status: 'unknown',
      found: 'no \u001b[2Janswer',
      mend: 'wait\n',
    } as const;
    assert.equal(
      diagnosisText(diagnosis),
      `unknown  kms          no \\u001b[2Janswer\n${' '.repeat(22)}wait\\u000a`,
    );
  });

  for (const [args, sentence] of [
    [[], "required option '--stack <name>' not specified: add --help to see what the command takes"],
    [
      ['--stack', ''],
      "option '--stack <name>' argument '' is invalid. It is empty: write a value, or leave the option out",
    ],
  ] as const) {
    it(`needs a stack: ${JSON.stringify(args)}`, async () => {
      const { exitCode, stdout, stderr } = await callSignet(['doctor', ...args]);
      assert.deepEqual(
        { exitCode, stdout, stderr },
        { exitCode: 2, stdout: '', stderr: `signet: ${sentence}\n` },
      );
    });
  }
});
