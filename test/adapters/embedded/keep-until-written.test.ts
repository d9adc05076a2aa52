import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type Database, openDatabase } from '../../../adapters/embedded/database.ts';
import { keepUntilWritten } from '../../../adapters/embedded/keep-until-written.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const INSERT = 'INSERT INTO revoked_token (jti, expires_at) VALUES (?, 1)';

describe('what was read from an embedded store', () => {
  const pathOf = temporaryFolder();
  let database: Database;
  /** A connection that the issuer knows nothing of, as that of another process. */
  let stranger: DatabaseSync;
  let reads: string[];
  let find: (jti: string) => unknown;

  beforeEach(() => {
    database = openDatabase(pathOf());
    stranger = new DatabaseSync(pathOf('signet.sqlite'));
    stranger.exec('DELETE FROM revoked_token');
    const select = database.prepare('SELECT jti FROM revoked_token WHERE jti = ?');
    reads = [];
    find = keepUntilWritten(database, (jti: string) => {
      reads.push(jti);
      return select.get(jti)?.['jti'];
    });
  });
  afterEach(() => {
    stranger.close();
    database.close();
  });

  it('is not read again while nothing is written', ({ mock: { timers } }) => {
    timers.enable({ apis: ['setTimeout'] });
    database.write(database.prepare(INSERT), 'a');
    assert.equal(find('a'), 'a');
    timers.tick(60_000);
    assert.equal(find('a'), 'a');
    assert.deepEqual(reads, ['a']);
  });

  it('is read again at once after this process wrote, by whichever connection', () => {
    const other = openDatabase(pathOf());
    assert.equal(find('b'), undefined);
    other.write(other.prepare(INSERT), 'b');
    assert.equal(find('b'), 'b');
    other.write(other.prepare('DELETE FROM revoked_token WHERE jti = ?'), 'b');
    assert.equal(find('b'), undefined);
    other.close();
  });

  it('is read again eleven milliseconds after another process wrote', ({ mock: { timers } }) => {
    timers.enable({ apis: ['setTimeout'] });
    database.write(database.prepare(INSERT), 'c');
    assert.equal(find('c'), 'c');
    stranger.exec("DELETE FROM revoked_token WHERE jti = 'c'");
    timers.tick(11);
    assert.equal(find('c'), undefined);
    stranger.prepare(INSERT).run('c');
    timers.tick(11);
    assert.equal(find('c'), 'c');
  });

  it('is not kept when it was not there', () => {
    find('nobody');
    find('nobody');
    assert.deepEqual(reads, ['nobody', 'nobody']);
  });

  it('fills the memory with no more than ten thousand', () => {
    const keys = Array.from({ length: 10_001 }, (_, index) => String(index));
    const findAny = keepUntilWritten(database, (key: string) => {
      reads.push(key);
      return key;
    });
    for (const key of [...keys, ...keys]) findAny(key);
    assert.deepEqual(reads, [...keys, '10000']);
  });
});
