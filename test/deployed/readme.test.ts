import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { readStack } from '../../adapters/cloudformation/stack.ts';
import { cdk } from '../support/cdk.ts';
import { emulatedApi } from '../support/deployed-issuer.ts';
import { type Emulator, startEmulator } from '../support/emulator.ts';
import { readmeBlocks, runBlocks } from '../support/readme.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('the commands of the README', () => {
  let emulator: Emulator;
  // Before the folder below is removed, for the CDK CLI reads its settings there.
  after(async () => {
    await cdk(['destroy', 'Signet', '--force'], emulator).finally(() => emulator.stop());
  });
  const home = temporaryFolder();
  before(async () => {
    // What the CDK CLI finds in its user's home: nobody is there to approve, and nothing is to be kept.
    const settings = { requireApproval: 'never', output: home('cdk.out'), context: { throwAway: 'true' } };
    await writeFile(home('.cdk.json'), JSON.stringify(settings));
    emulator = await startEmulator();
    Object.assign(process.env, emulator.environment, { HOME: home() });
  });

  it('deploy an issuer, make a client there and get a token', async () => {
    const [deploy = '', manage = '', getToken = ''] = await readmeBlocks('Deploy');
    const [, made = ''] = await runBlocks([deploy, manage]);
    const [, client_secret = ''] = /^client_secret +(\S+)$/m.exec(made) ?? [];
    const { outputs } = await readStack('Signet');
    assert.equal(outputs.get('SignetIssuer'), outputs.get('SignetApiEndpoint'));
    const [answer = ''] = await runBlocks([getToken], {
      SIGNET_ISSUER: emulatedApi(emulator, 'http', outputs.get('SignetApiEndpoint') ?? ''),
      CLIENT_SECRET: client_secret,
    });
    const { access_token, ...rest } = JSON.parse(answer);
    assert.match(access_token, /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
    assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 3600, scope: 'read' });
  });
});
