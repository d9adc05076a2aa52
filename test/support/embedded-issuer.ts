import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServeProcess, startServe } from './serve-process.ts';

/** An embedded issuer that runs in a process of its own, as its users start it. */
export interface EmbeddedIssuer extends ServeProcess {
  readonly issuer: string;
  /** Where it listens: the same as the issuer, unless `--issuer` says otherwise. */
  readonly url: string;
  readonly folder: string;
  /** The client of an empty store; undefined when the store was there before. */
  readonly client: FirstClient | undefined;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** The client that an empty store gets. */
export interface FirstClient {
  readonly client_id: string;
  readonly client_secret: string;
  readonly resource: string;
  readonly scope: string;
}

/** Starts `signet serve` on a free port, in a new folder unless one is named. */
export async function startEmbeddedIssuer({
  folder,
  args = [],
  environment = {},
}: {
  readonly folder?: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
} = {}): Promise<EmbeddedIssuer> {
  const data = folder ?? (await mkdtemp(join(tmpdir(), 'signet-')));
  const serve = await startServe(['--port', '0', '--json', '--data', data, ...args], environment);
  const { issuer, url, client } = JSON.parse(serve.output()) as Pick<
    EmbeddedIssuer,
    'issuer' | 'url' | 'client'
  >;
  return {
    ...serve,
    issuer,
    url,
    folder: data,
    client,
    async stop() {
      await serve.end('SIGKILL');
      await rm(data, { recursive: true, force: true });
    },
  };
}
