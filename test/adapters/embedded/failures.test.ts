import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { type Database, openDatabase } from '../../../adapters/embedded/database.ts';
import { embeddedClientStore } from '../../../adapters/embedded/record-store.ts';
import { embeddedTokenStore } from '../../../adapters/embedded/token-store.ts';
import { StoreFailure } from '../../../adapters/embedded/unusable-store.ts';
import { OAuthError } from '../../../core/oauth-error.ts';
import { clientId, makeClient, resourceIdentifier } from '../../support/records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const FILE = 'signet.sqlite';
const EXPIRES_AT = 4_000_000_000;

/** So long that the file has to grow for it. */
const LONG = 'x'.repeat(8_192);
const CLAIMS = {
  iss: 'https://auth.example.com',
  aud: resourceIdentifier('https://api.example.com'),
  sub: 'backend',
  client_id: clientId('backend'),
  jti: LONG,
  iat: 0,
  exp: EXPIRES_AT,
};

/** What makes sqlite fail; each gives what ends the failure. */
const FAILURES: readonly {
  readonly what: string;
  readonly begin: (database: Database, file: string) => () => void;
  readonly sentence: (folder: string) => string;
}[] = [
  {
    what: 'the disk is full',
    begin(database) {
      database.exec('PRAGMA max_page_count = 1');
      return () => database.exec('PRAGMA max_page_count = 1000000');
    },
    sentence: (folder) => `the disk that ${folder} is on is full: make room on it`,
  },
  {
    what: 'another process keeps it locked',
    begin(database, file) {
      database.exec('PRAGMA busy_timeout = 0');
      const other = new DatabaseSync(file);
      other.exec('BEGIN IMMEDIATE');
      return () => other.close();
    },
    sentence: (folder) => `another process keeps the store in ${folder} locked: end that one, or wait for it`,
  },
  {
    what: 'it may not be written any more',
    begin(database) {
      database.exec('PRAGMA query_only = 1');
      return () => database.exec('PRAGMA query_only = 0');
    },
    sentence: (folder) => `${folder} may not be written by you: name another folder`,
  },
];

describe('an embedded store that is open', () => {
  const pathOf = temporaryFolder();

  for (const [index, { what, begin, sentence }] of FAILURES.entries()) {
    it(`takes no write while ${what}, answers what it knows, and goes on afterwards`, async () => {
      const folder = pathOf(String(index));
      const database = openDatabase(folder);
      const clients = embeddedClientStore(database);
      const tokens = embeddedTokenStore(database, () => 0);
      const revoke = database.prepare(
        `INSERT INTO revoked_token (jti, expires_at) VALUES (?, ${EXPIRES_AT})`,
      );
      const writes = [
        () => tokens.add(CLAIMS),
        () => tokens.revoke(LONG, EXPIRES_AT),
        async () => database.transact(() => database.write(revoke, `${LONG}y`) === 1),
      ];
      const known = makeClient('known');
      await clients.create(known);

      const end = begin(database, pathOf(String(index), FILE));
      for (const write of writes) {
        await assert.rejects(write, (error) => {
          assert.ok(error instanceof OAuthError && error.cause instanceof StoreFailure);
          assert.deepEqual(
            [error.code, error.retryAfterSeconds, error.cause.message],
            ['temporarily_unavailable', 2, sentence(folder)],
          );
          return true;
        });
      }
      assert.deepEqual(await clients.find(known.client_id), known);
      assert.equal(await tokens.find(LONG), undefined);
      assert.equal(await tokens.isRevoked(LONG), false);

      end();
      for (const write of writes) await write();
      assert.deepEqual(await tokens.find(LONG), CLAIMS);
      assert.equal(await tokens.isRevoked(LONG), true);
      database.close();
    });
  }

  it('says of a page that was written over that the store is damaged, and answers from the others', async () => {
    const folder = pathOf('damaged');
    const file = pathOf('damaged', FILE);
    const before = openDatabase(folder);
    const known = makeClient('known');
    await embeddedClientStore(before).create(known);
    await embeddedTokenStore(before, () => 0).revoke(LONG, EXPIRES_AT);
    const page = before.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'record'").get();
    before.close();

    const database = openDatabase(folder);
    overwritePage(file, Number(page?.['rootpage']));
    await assert.rejects(embeddedClientStore(database).find(known.client_id), {
      name: 'StoreFailure',
      message: `the store in ${folder} is damaged: put a copy of it in its place, or move it away to begin with an empty one`,
    });
    assert.equal(await embeddedTokenStore(database, () => 0).isRevoked(LONG), true);
    database.close();
  });
});

/** Pages are numbered from 1; the header of the file has their size (https://sqlite.org/fileformat2.html). */
function overwritePage(file: string, page: number): void {
  const bytes = readFileSync(file);
  const size = bytes.readUInt16BE(16);
  writeFileSync(file, bytes.fill(0xff, (page - 1) * size, page * size));
}
