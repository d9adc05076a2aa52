import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { KEPT_MAX } from '../adapters/embedded/keep-until-written.ts';
import { basic } from '../test/support/oauth-request.ts';
import type { MeasuredServer } from './contenders/measured-server.ts';
import { startSignet } from './contenders/signet.ts';
import { asksForIntrospection, tokenOf } from './introspection-request.ts';
import { alternate, medians, type ServerFigures, warmUp } from './rounds.ts';

const ALG = 'ES256';
const CONCURRENCY = 1;

const CLIENTS = [10, 1_000, 100_000] as const;
const TOKENS = [0, 1_000_000] as const;

/** Copies of the first client, under other names. */
const ADD_CLIENTS = `
  WITH RECURSIVE copy (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM copy WHERE i + 1 < ?)
  INSERT INTO record (kind, id, version, document)
  SELECT kind, 'client-' || i, version, json_set(document, '$.client_id', 'client-' || i) FROM copy, record
  WHERE kind = 'client' AND id = ?`;

/** Copies of one reference token, and as many tokens that were revoked. */
const ADD_REFERENCE_TOKENS = `
  WITH RECURSIVE copy (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM copy WHERE i < ?)
  INSERT INTO reference_token (jti, expires_at, claims)
  SELECT hex(randomblob(16)), expires_at, claims FROM copy, (SELECT expires_at, claims FROM reference_token LIMIT 1)`;
const ADD_REVOKED_TOKENS = `
  WITH RECURSIVE copy (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM copy WHERE i < ?)
  INSERT INTO revoked_token (jti, expires_at)
  SELECT hex(randomblob(16)), expires_at FROM copy, (SELECT expires_at FROM reference_token LIMIT 1)`;

const WANT_REFERENCE_TOKENS = `
  UPDATE record SET document = json_set(document, '$.access_token_format', 'reference') WHERE kind = 'resource'`;

/** What one request costs with so much in the store, in the median round. */
export interface Growth {
  readonly request: string;
  readonly stored: string;
  readonly figures: ServerFigures;
}

/** One of the requests that is sent to a store. */
interface Requests {
  readonly request: string;
  readonly server: MeasuredServer;
}

/** Measures whether requests cost more as clients and tokens grow: stores of several sizes take turns. */
export async function measureGrowth(progress: (text: string) => void): Promise<readonly Growth[]> {
  progress(`stores of ${CLIENTS.join(', ')} clients`);
  const clients = await compareStores(CLIENTS, 'clients', fillWithClients);
  progress(`stores of ${TOKENS.join(', ')} reference tokens, and as many revoked ones`);
  return [...clients, ...(await compareStores(TOKENS, 'tokens of each kind', fillWithTokens))];
}

async function compareStores(
  counts: readonly number[],
  what: string,
  fill: (server: MeasuredServer, store: DatabaseSync, count: number) => Promise<readonly Requests[]>,
): Promise<readonly Growth[]> {
  const ends: (() => Promise<void>)[] = [];
  try {
    const byRequest = new Map<string, Map<string, MeasuredServer>>();
    for (const count of counts) {
      const folder = await mkdtemp(join(tmpdir(), 'signet-store-'));
      ends.push(() => rm(folder, { recursive: true }));
      const server = await startSignet(ALG, folder);
      ends.push(() => server.stop());
      const store = new DatabaseSync(join(folder, 'signet.sqlite'), { timeout: 5_000 });
      const requests = await fill(server, store, count);
      // Else the disk is still busy with these while others are measured.
      store.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      store.close();
      for (const { request, server: asked } of requests) {
        await warmUp(asked);
        const stores = byRequest.get(request) ?? new Map<string, MeasuredServer>();
        byRequest.set(request, stores.set(`${count.toLocaleString('en')} ${what}`, asked));
      }
    }
    const growth: Growth[] = [];
    for (const [request, stores] of byRequest) {
      for (const [stored, rounds] of await alternate(stores, CONCURRENCY))
        growth.push({ request, stored, figures: medians(rounds) });
    }
    return growth;
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

async function fillWithClients(
  server: MeasuredServer,
  store: DatabaseSync,
  count: number,
): Promise<readonly Requests[]> {
  const { client_id, client_secret } = server.client;
  store.prepare(ADD_CLIENTS).run(count, client_id);
  const asked = Math.min(count, KEPT_MAX);
  // From all over the store.
  const authorizations = Array.from({ length: asked }, (_, index) =>
    basic(`client-${Math.floor((index * count) / asked)}`, client_secret),
  );
  return [
    {
      request: 'a token, asked for by ten clients',
      server: { ...server, authorizations: authorizations.slice(0, 10) },
    },
    {
      request: 'a token, asked for by clients in turn, ten thousand at most',
      server: { ...server, authorizations },
    },
  ];
}

async function fillWithTokens(
  server: MeasuredServer,
  store: DatabaseSync,
  count: number,
): Promise<readonly Requests[]> {
  const jwt = await tokenOf(server);
  store.exec(WANT_REFERENCE_TOKENS);
  const reference = await tokenOf(server);
  store.prepare(ADD_REFERENCE_TOKENS).run(count);
  store.prepare(ADD_REVOKED_TOKENS).run(count);
  return [
    { request: 'a reference token', server },
    { request: 'introspection of a reference token', server: asksForIntrospection(server, reference) },
    { request: 'introspection of a JWT', server: asksForIntrospection(server, jwt) },
  ];
}
