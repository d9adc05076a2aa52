import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { createFirstClient } from '../cli/serve/first-client.ts';
import { firstToken } from '../cli/serve/welcome.ts';
import { bootstrap } from '../test/support/cdk.ts';
import { deployIssuer } from '../test/support/deployed-issuer.ts';
import { startEmulator } from '../test/support/emulator.ts';

const HELP = `Usage: npm run emulator -- [options]

Deploys Signet by the CDK CLI into an AWS emulator on this machine, makes a client, and stays up until Ctrl-C.
The emulator is the one that AWS_ENDPOINT_URL names (LocalStack, for one), else one that is installed and started here.

Options:
  --api <http|rest>  the kind of API Gateway in front (default: http)
  --algs <list>      the algorithms to sign with, the default first (default: RS256)
  --json             write one JSON line when ready: issuer, stack, environment and client
  --help             this text
`;

const { values } = parseArgs({
  options: {
    api: { type: 'string', default: 'http' },
    algs: { type: 'string', default: 'RS256' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else if (values.api === 'http' || values.api === 'rest') await run(values.api);
else {
  process.stderr.write(`--api is http or rest, not ${values.api}.\n`);
  process.exitCode = 2;
}

async function run(api: 'http' | 'rest'): Promise<void> {
  // From the start on: a signal that ended this process on its way would leave the emulator behind.
  const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  progress('Starting the emulator…');
  const emulator = await startEmulator();
  try {
    progress('Preparing its account: cdk bootstrap…');
    await bootstrap(emulator);
    progress('Deploying: cdk deploy…');
    const deployed = await deployIssuer(emulator, {
      stack: 'Signet',
      api,
      context: { algs: values.algs },
    });
    try {
      Object.assign(process.env, emulator.environment);
      const { openDeployedStore } = await import('../cli/deployed-store.ts');
      const store = await openDeployedStore(deployed.stack);
      const client = await createFirstClient(store).finally(() => store.close());
      const { issuer, stack } = deployed;
      process.stdout.write(
        values.json
          ? `${JSON.stringify({ issuer, stack, environment: emulator.environment, client })}\n`
          : `${ready(issuer, stack, emulator.environment)}\n${client ? firstToken(issuer, client) : ''}`,
      );
      await ended;
    } finally {
      await deployed.stop();
    }
  } finally {
    await emulator.stop();
  }
}

function ready(issuer: string, stack: string, environment: Readonly<Record<string, string>>): string {
  const settings = Object.entries(environment).map(([name, value]) => `  export ${name}=${value}`);
  return `The stack ${stack} is deployed, and its issuer is ${issuer}. Ctrl-C ends the emulator and all that is in it.

Manage it from another terminal:

${settings.join('\n')}
  npx signet clients list --stack ${stack}
`;
}

function progress(step: string): void {
  process.stderr.write(`${step}\n`);
}
