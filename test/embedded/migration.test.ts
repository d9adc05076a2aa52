import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { before, describe, it } from 'node:test';
import { openEmbeddedStore } from '../../adapters/embedded/store.ts';
import { decodeJwt } from '../../core/jose/jwt.ts';
import { requestAccessToken } from '../support/connect-issuer.ts';
import { startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { requestIntrospection } from '../support/form-request.ts';
import { runSignet } from '../support/signet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** What the programs of all schema versions wrote, from the first on: whoever adds a step dumps a store of the program before it. */
const DUMPS_FOLDER = join(import.meta.dirname, 'stores');
const DUMPS = readdirSync(DUMPS_FOLDER)
  .sort()
  .map((file) => readFileSync(join(DUMPS_FOLDER, file), 'utf8'));
const [FIRST_DUMP = ''] = DUMPS;

const FILE = 'signet.sqlite';
const ISSUER = 'http://issuer.example';
const CLIENT = { client_id: 'backend', client_secret: 'Zk3vQ9xT1bLm7Rw5Yc2Hs8Nd4Gf6Jp0A' };

const KILLING = new URL('../support/killed-after-statement.ts', import.meta.url);
const AT_ONCE = 6;

describe('a store of an older version', () => {
  const pathOf = temporaryFolder();
  before(() => openEmbeddedStore(pathOf('new')).close());

  const restore = (name: string, dump: string) => {
    mkdirSync(pathOf(name));
    change(pathOf(name), `PRAGMA journal_mode = WAL; ${dump}`);
    return pathOf(name);
  };

  /** What a store has in it once it is migrated: what it had, and the tables that came since. */
  const migrated = (contents: Contents): Contents => {
    const made = contentsOf(pathOf('new'));
    return { ...made, rows: { ...made.rows, ...contents.rows } };
  };

  const list = (folder: string, environment?: Readonly<Record<string, string>>) =>
    runSignet(['clients', 'list', '--json', '--data', folder], environment);

  it('is at hand for each version', () => {
    assert.deepEqual(
      DUMPS.map((dump) => /^PRAGMA user_version = (\d+);$/m.exec(dump)?.[1]),
      Array.from({ length: contentsOf(pathOf('new')).version }, (_, index) => String(index + 1)),
    );
  });

  for (const [index, dump] of DUMPS.entries()) {
    it(`serves on, of version ${index + 1}: its client, its key and its tokens are good, those it revoked are not`, async (t) => {
      const folder = restore(`version ${index + 1}`, dump);
      const contents = contentsOf(folder);
      const embedded = await startEmbeddedIssuer({ folder, args: ['--issuer', ISSUER, '--algs', 'ES256'] });
      t.after(() => embedded.end());
      assert.equal(embedded.client, undefined);
      const token = await requestAccessToken({ issuer: embedded.url, ...CLIENT });
      const [jwt = '', ...others] = tokensIn(dump, 'active');
      assert.equal(decodeJwt(token)?.header['kid'], decodeJwt(jwt)?.header['kid']);
      for (const active of [token, jwt, ...others])
        assert.equal((await requestIntrospection(embedded.url, CLIENT, active)).active, true);
      for (const revoked of tokensIn(dump, 'revoked'))
        assert.equal((await requestIntrospection(embedded.url, CLIENT, revoked)).active, false);
      assert.equal(await embedded.end(), 0);
      assert.deepEqual(contentsOf(folder), migrated(contents));
    });
  }

  it('is migrated once by several processes that open it at the same moment', async () => {
    const folder = restore('at once', FIRST_DUMP);
    const contents = contentsOf(folder);
    const runs = await Promise.all(Array.from({ length: AT_ONCE }, () => list(folder)));
    const [{ stdout } = { stdout: '' }] = runs;
    assert.equal(JSON.parse(stdout).length, 1);
    assert.deepEqual(runs, Array(AT_ONCE).fill({ exitCode: 0, stdout, stderr: '' }));
    assert.deepEqual(contentsOf(folder), migrated(contents));
  });

  for (const [what, dump, steps] of [
    ['the first version', FIRST_DUMP, DUMPS.length - 1],
    ['an empty file', '', DUMPS.length],
  ] as const) {
    it(`is what it was or what it is to be after kill -9 at any statement: ${what}`, async () => {
      const folder = restore(what, dump);
      const contents = contentsOf(folder);
      let kills = 0;
      for (;;) {
        const STATEMENTS_BEFORE_KILL = String(kills + 1);
        const run = await list(folder, { NODE_OPTIONS: `--import=${KILLING}`, STATEMENTS_BEFORE_KILL });
        assert.equal(run.stderr, '');
        if (run.stdout !== '') break;
        kills += 1;
        const left = contentsOf(folder);
        assert.deepEqual(left, left.version === contents.version ? contents : migrated(contents));
      }
      assert.ok(kills > steps, `${kills} kills`);
      assert.deepEqual(contentsOf(folder), migrated(contents));
    });
  }

  it('is what it was when a step fails, and goes on once that can be done', async () => {
    const folder = restore('failing', FIRST_DUMP);
    change(folder, 'CREATE TABLE replay (anything)');
    const contents = contentsOf(folder);
    const { exitCode, stderr } = await list(folder);
    assert.deepEqual([exitCode, JSON.parse(stderr).error], [1, 'server_error']);
    assert.match(stderr, /the store in \S+ is damaged/);
    assert.deepEqual(contentsOf(folder), contents);
    change(folder, 'DROP TABLE replay');
    assert.equal((await list(folder)).exitCode, 0);
    assert.equal(contentsOf(folder).version, DUMPS.length);
  });
});

/** The tokens that were good, or revoked, when a store was dumped. */
function tokensIn(dump: string, state: 'active' | 'revoked'): readonly string[] {
  return [...dump.matchAll(new RegExp(`^-- ${state}: (\\S+)$`, 'gm'))].map(([, token = '']) => token);
}

function change(folder: string, statements: string): void {
  const database = new DatabaseSync(join(folder, FILE));
  database.exec(statements);
  database.close();
}

interface Contents {
  readonly version: number;
  readonly schema: readonly unknown[];
  readonly rows: Readonly<Record<string, readonly unknown[]>>;
}

/** All that is in a store, by a connection that changes nothing. */
function contentsOf(folder: string): Contents {
  const database = new DatabaseSync(join(folder, FILE), { readOnly: true });
  const schema = database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
  const tables = schema.filter(({ type }) => type === 'table').map(({ name }) => String(name));
  const contents = {
    version: Number(database.prepare('PRAGMA user_version').get()?.['user_version']),
    schema,
    rows: Object.fromEntries(
      tables.map((table) => [table, database.prepare(`SELECT * FROM ${table}`).all()]),
    ),
  };
  database.close();
  return contents;
}
