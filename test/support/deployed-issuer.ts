import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cdk } from './cdk.ts';
import type { Emulator } from './emulator.ts';
import { startGatewayProxy } from './gateway-proxy.ts';

/** How an issuer is to be deployed. */
export interface Deployment {
  readonly stack: string;
  readonly api: 'http' | 'rest';
  /** Further context of the app, such as `algs`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** An issuer that `cdk deploy` made in the emulator. */
export interface DeployedIssuer {
  readonly issuer: string;
  readonly stack: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Deploys the same once more, with further context. */
  update(context?: Readonly<Record<string, string>>): Promise<void>;
  /** Takes the stack away again by `cdk destroy`. */
  destroy(): Promise<void>;
  /** Reaches it in another emulator from now on: one that was started anew on the same state. */
  moveTo(emulator: Emulator): void;
  /** Ends what runs here for it; the stack stays. */
  stop(): Promise<void>;
}

/** Deploys a throw-away issuer by the ordinary CDK CLI, reached by a URL of its own. */
export async function deployIssuer(emulator: Emulator, deployment: Deployment): Promise<DeployedIssuer> {
  const { stack, api } = deployment;
  const proxy = await startGatewayProxy();
  const folder = await mkdtemp(join(tmpdir(), 'signet-cdk-'));
  const outputsFile = join(folder, 'outputs.json');
  const settings = { issuer: proxy.url, stack, api, throwAway: 'true', ...deployment.context };
  const run = (command: readonly string[], context: Readonly<Record<string, string>>) => {
    const contextArgs = Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    return cdk([...command, stack, '--output', join(folder, 'cdk.out'), ...contextArgs], emulator);
  };
  const deploy = (context: Readonly<Record<string, string>>) =>
    run(['deploy', '--require-approval', 'never', '--outputs-file', outputsFile], context);
  const stop = async () => {
    await proxy.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await deploy(settings);
    const outputs = JSON.parse(await readFile(outputsFile, 'utf8'))[stack] as Record<string, string>;
    const moveTo = (running: Emulator) =>
      proxy.forwardTo(emulatedApi(running, api, outputs['SignetApiEndpoint'] ?? ''));
    moveTo(emulator);
    return {
      issuer: proxy.url,
      stack,
      outputs,
      update: (context = {}) => deploy({ ...settings, ...context }),
      destroy: () => run(['destroy', '--force'], settings),
      moveTo,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where the emulator answers for an API whose own URL names AWS. */
export function emulatedApi(emulator: Emulator, api: Deployment['api'], apiEndpoint: string): string {
  const [apiId] = new URL(apiEndpoint).hostname.split('.');
  return api === 'http'
    ? `${emulator.endpoint}/_aws/execute-api/${apiId}/$default`
    : `${emulator.endpoint}/restapis/${apiId}/prod/_user_request_`;
}
