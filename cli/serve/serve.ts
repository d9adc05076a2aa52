import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type EmbeddedStore, openEmbeddedStore } from '../../adapters/embedded/store.ts';
import { remoteDocuments } from '../../adapters/remote-documents.ts';
import { withDpopNonces } from '../../core/dpop/dpop-nonces.ts';
import { ALGS, type Alg } from '../../core/jose/algorithms.ts';
import { ENDPOINT_PATHS } from '../../core/metadata.ts';
import { OAuthError } from '../../core/oauth-error.ts';
import type { TokenHook } from '../../core/ports/token-hook.ts';
import { dataOption } from '../data-option.ts';
import { withExamples } from '../examples.ts';
import {
  parseAlgs,
  parseHosts,
  parseIssuer,
  parseNonEmpty,
  parsePort,
  parseRotationPeriod,
} from '../option-values.ts';
import { createFirstClient } from './first-client.ts';
import { type KeyRotation, rotateKeys } from './key-rotation.ts';
import { listeningUrl } from './listening-url.ts';
import { log } from './log.ts';
import { embeddedRoutes } from './routes.ts';
import { type EmbeddedServer, listen } from './server.ts';
import { type TlsFiles, toTlsOptions, withTlsOptions } from './tls.ts';
import { loadTokenHook } from './token-hook.ts';
import { welcome } from './welcome.ts';

const DEFAULT_PORT = 8787;
const ACCESS_TOKEN_LIFETIME_SECONDS = 3600;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Under npm one Ctrl-C arrives twice where /bin/sh is bash: from the terminal, and passed on by npm. */
const SAME_SIGNAL_MILLISECONDS = 200;

interface ServeOptions extends TlsFiles {
  readonly port: number;
  readonly host: string;
  readonly issuer?: string;
  readonly data: string;
  readonly algs: readonly [Alg, ...Alg[]];
  readonly dpopNonces?: true;
  readonly privateHosts: readonly string[];
  readonly tokenEndpointAudience?: true;
  readonly registration?: true;
  readonly signedIntrospection?: true;
  readonly clientSecretJwt?: true;
  readonly rotateKeys?: number;
  readonly hook?: string;
  readonly json?: true;
}

/** `signet serve`: the embedded issuer. */
export function serveCommand(): Command {
  const command = new Command('serve')
    .description('run the issuer on this machine, with all that it keeps in one folder')
    .option('--port <port>', 'the port to listen on; 0 takes a free one', parsePort, DEFAULT_PORT)
    .option('--host <host>', 'the address to listen on; 0.0.0.0 for all of them', parseNonEmpty, '127.0.0.1')
    .option(
      '--issuer <url>',
      'the issuer identifier, where clients reach it by another URL than the one it listens at',
      parseIssuer,
    )
    .addOption(dataOption())
    .addOption(algsOption())
    .option('--signed-introspection', 'sign introspection responses for callers that ask for it (RFC 9701)')
    .option('--dpop-nonces', 'want a nonce of the issuer in DPoP proofs (RFC 9449 section 8)')
    .option(
      '--private-hosts <list>',
      'hosts that keys may be fetched from though their addresses are not public, commas between',
      parseHosts,
      [],
    )
    .option(
      '--token-endpoint-audience',
      'take client assertions for the URL of the token endpoint too, as old clients write them',
    )
    .option(
      '--registration',
      'let clients register themselves, by tokens that signet initial-access-tokens create makes',
    )
    .option(
      '--client-secret-jwt',
      'let clients authenticate by client_secret_jwt: whoever reads the folder can then do so as well',
    )
    .option(
      '--rotate-keys <duration>',
      'have a new key follow each one that has signed for that long (90d)',
      parseRotationPeriod,
    )
    .option(
      '--hook <file>',
      'a module whose default export is asked before each token: it may add claims, or refuse',
      parseNonEmpty,
    )
    .option(
      '--json',
      'write one JSON line when ready: issuer, the URL it listens at, and the first client when one was made',
    )
    .action(serve);
  return withExamples(
    withTlsOptions(command),
    'signet serve',
    'signet serve --port 0 --json --data ~/.signet',
    'signet serve --registration',
    'signet serve --rotate-keys 90d',
    'signet serve --hook ./hook.ts',
    'signet serve --host 0.0.0.0 --issuer https://auth.example.com',
    'signet serve --tls-cert server.pem --tls-key server-key.pem --tls-client-ca clients-ca.pem',
  );
}

function algsOption(): Option {
  const meaning = `the algorithms to sign with, the default first, commas between, of ${ALGS.join(', ')}`;
  return new Option('--algs <list>', meaning).argParser(parseAlgs).default(['RS256'], 'RS256');
}

async function serve(options: ServeOptions): Promise<void> {
  const tls = toTlsOptions(options);
  const tokenHook = options.hook === undefined ? undefined : await loadTokenHook(options.hook);
  const server = await listen(options.host, options.port, tls).catch((error) => {
    throw unableToListen(error, options);
  });
  try {
    const store = openEmbeddedStore(options.data);
    await start(server, { ...store, tokenHook }, options);
    const rotation = rotateKeys(options.rotateKeys, store, log);
    endOnSignal(server, rotation, store);
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function start(
  server: EmbeddedServer,
  store: EmbeddedStore & { readonly tokenHook: TokenHook | undefined },
  options: ServeOptions,
): Promise<void> {
  await store.createMissingKeys(options.algs);
  const url = listeningUrl(options.host, server.port, options.tlsCert === undefined ? 'http' : 'https');
  const identifier = options.issuer ?? url;
  const [defaultAlg] = options.algs;
  const issuer = {
    ...store,
    secretDerivation: options.clientSecretJwt && store.secretDerivation,
    identifier,
    mutualTlsUrl: options.tlsClientCa === undefined ? undefined : identifier,
    defaultAlg,
    documents: remoteDocuments(options.privateHosts),
    assertionAudience: options.tokenEndpointAudience && identifier + ENDPOINT_PATHS.token_endpoint,
    accessTokenLifetimeSeconds: ACCESS_TOKEN_LIFETIME_SECONDS,
    signedIntrospection: options.signedIntrospection ?? false,
  };
  server.route(
    embeddedRoutes(
      withDpopNonces(issuer, options.dpopNonces),
      options.algs,
      log,
      options.registration && issuer,
    ),
  );
  const client = await createFirstClient(store);
  const ready = options.json
    ? `${JSON.stringify({ issuer: identifier, url, client })}\n`
    : welcome({ issuer: identifier, url, folder: resolve(options.data), client });
  process.stdout.write(ready);
}

/** The first signal lets the requests under way be answered; the next one does not wait for them. */
function endOnSignal(server: EmbeddedServer, rotation: KeyRotation, store: EmbeddedStore): void {
  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    setTimeout(() => {
      for (const signal of SIGNALS) process.removeListener(signal, end);
    }, SAME_SIGNAL_MILLISECONDS).unref();
    await Promise.all([server.close(), rotation.stop()]);
    store.close();
  };
  for (const signal of SIGNALS) process.on(signal, end);
}

function unableToListen(error: unknown, { host, port }: ServeOptions): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  const why = new Map<unknown, string>([
    ['EADDRINUSE', `port ${port} is in use: choose another with --port, or 0 for a free one`],
    ['EACCES', `port ${port} may not be used by you: choose one above 1023 with --port`],
    ['EADDRNOTAVAIL', `${host} is no address of this machine: choose another with --host`],
    ['ENOTFOUND', `${host} is no address: choose another with --host`],
    ['EAI_AGAIN', `${host} is no address that can be looked up: choose another with --host`],
  ]).get(error.code);
  return why === undefined ? error : new OAuthError('invalid_request', why, { cause: error });
}
