import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { defaultProvider } from '../../adapters/aws/environment-credentials.ts';

const NAMES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;

describe('the credentials of a function', () => {
  let before: readonly (readonly [string, string | undefined])[];

  beforeEach(() => {
    before = NAMES.map((name) => [name, process.env[name]]);
    for (const name of NAMES) process.env[name] = name.toLowerCase();
  });
  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it('are those of its environment', async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = await defaultProvider()();
    assert.deepEqual(
      [accessKeyId, secretAccessKey, sessionToken],
      [...NAMES].map((name) => name.toLowerCase()),
    );
  });

  it('are read once, and not for each call of AWS', async () => {
    const provider = defaultProvider();
    assert.equal(await provider(), await provider());
  });

  it('are read again when there were none', async () => {
    const provider = defaultProvider();
    delete process.env['AWS_ACCESS_KEY_ID'];
    await assert.rejects(provider());
    process.env['AWS_ACCESS_KEY_ID'] = 'there now';
    assert.equal((await provider()).accessKeyId, 'there now');
  });
});
