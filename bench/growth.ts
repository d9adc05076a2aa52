import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { basic } from '../test/support/oauth-request.ts';
import type { MeasuredServer } from './contenders/measured-server.ts';
import { startSignet } from './contenders/signet.ts';
import { asksForIntrospection, tokenOf } from './introspection-request.ts';
import { measureRound, medians, type ServerFigures, warmUp } from './rounds.ts';

const ALG = 'ES256';
const ROUNDS = 15;
const CONCURRENCY = 1;

const CLIENTS = [10, 1_000, 100_000] as const;
const TOKENS = [0, 1_000_000] as const;

/** So many of the clients are asked for in turn: more than are kept in memory, of the largest store. */
const ASKED_MAX = 10_000;

/** Copies of the first client, under other names. */
const ADD_CLIENTS = `
  WITH RECURSIVE copy (i) AS (SELECT CAST(? AS INTEGER) UNION ALL SELECT i + 1 FROM copy WHERE i + 1 < ?)
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

/** Measures whether requests cost more as clients and tokens grow. */
export async function measureGrowth(progress: (text: string) => void): Promise<readonly Growth[]> {
  return [...(await withMoreClients(progress)), ...(await withMoreTokens(progress))];
}

async function withMoreClients(progress: (text: string) => void): Promise<readonly Growth[]> {
  return withStore(async (server, store) => {
    const growth: Growth[] = [];
    let stored = 1;
    for (const count of CLIENTS) {
      progress(`a store of ${count} clients`);
      store.prepare(ADD_CLIENTS).run(stored, count, server.client.client_id);
      stored = count;
      const { client_secret } = server.client;
      const asked = Array.from({ length: Math.min(count, ASKED_MAX) }, (_, index) => {
        // From all over the store, and not the first one, which has another name.
        const client_id = `client-${1 + Math.floor((index * (count - 1)) / Math.min(count, ASKED_MAX))}`;
        return basic(client_id, client_secret);
      });
      for (const [request, authorizations] of [
        ['a token, asked for by ten clients', asked.slice(0, 10)],
        ['a token, asked for by all clients in turn', asked],
      ] as const) {
        growth.push({
          request,
          stored: `${count.toLocaleString('en')} clients`,
          figures: await measure({ ...server, authorizations }),
        });
      }
    }
    return growth;
  });
}

async function withMoreTokens(progress: (text: string) => void): Promise<readonly Growth[]> {
  return withStore(async (server, store) => {
    const jwt = await tokenOf(server);
    store.exec(WANT_REFERENCE_TOKENS);
    const reference = await tokenOf(server);
    const growth: Growth[] = [];
    for (const count of TOKENS) {
      progress(`a store of ${count} reference tokens and as many revoked ones`);
      store.prepare(ADD_REFERENCE_TOKENS).run(count);
      store.prepare(ADD_REVOKED_TOKENS).run(count);
      // Else the disk is still busy with these while the next ones are measured.
      store.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      for (const [request, asked] of [
        ['a reference token', server],
        ['introspection of a reference token', asksForIntrospection(server, reference)],
        ['introspection of a JWT', asksForIntrospection(server, jwt)],
      ] as const) {
        growth.push({
          request,
          stored: `${count.toLocaleString('en')} tokens of each kind`,
          figures: await measure(asked),
        });
      }
    }
    return growth;
  });
}

async function withStore<T>(use: (server: MeasuredServer, store: DatabaseSync) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'signet-store-'));
  const server = await startSignet(ALG, folder);
  const store = new DatabaseSync(join(folder, 'signet.sqlite'), { timeout: 5_000 });
  try {
    return await use(server, store);
  } finally {
    store.close();
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

async function measure(server: MeasuredServer): Promise<ServerFigures> {
  await warmUp(server);
  const rounds: ServerFigures[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measureRound(server, CONCURRENCY));
  return medians(rounds);
}
