import { closeSync, constants, existsSync, fchmodSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { damagedStore, failedStore, openToAll, unusableStore } from './unusable-store.ts';

const FILE = 'signet.sqlite';

/** Makes the file where there is none, and does not follow a link, which could lead to any file of the machine. */
const OPEN_OR_MAKE = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW;

/** Another process, such as the CLI beside a running issuer, may be writing: wait that long for it. */
const BUSY_TIMEOUT_MILLISECONDS = 5_000;
const BUSY_INTERVAL_MILLISECONDS = 10;

/** The result code by which sqlite says that another process holds a lock (SQLITE_BUSY). */
const BUSY = 5;

/** Each step brings the schema from the version before it to its own: the first makes an empty file version 1. Steps are never edited. */
const MIGRATIONS = [
  `
  CREATE TABLE record (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE key_set (
    singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
    version INTEGER NOT NULL,
    document TEXT NOT NULL
  ) STRICT;
  CREATE TABLE private_key (
    reference TEXT PRIMARY KEY,
    pkcs8 BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE revoked_token (
    jti TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX revoked_token_by_expiry ON revoked_token (expires_at);
  `,
  `
  CREATE TABLE reference_token (
    jti TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL,
    claims TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX reference_token_by_expiry ON reference_token (expires_at);
  `,
  `
  CREATE TABLE replay (
    key TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX replay_by_expiry ON replay (expires_at);
  `,
  `
  CREATE TABLE derivation_key (
    singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
    key BLOB NOT NULL
  ) STRICT;
  `,
];

/** Tells whether there is a store in a folder. */
export function hasDatabase(folder: string): boolean {
  return existsSync(join(folder, FILE));
}

/**
 * How often the writes of other processes are looked for. To look takes a lock of the file, a tenth of a token's CPU; and no command
 * that writes ends as soon as that. A timer tells when, for a clock would be asked several times a request.
 */
const LOOK_INTERVAL_MILLISECONDS = 10;

/** Counts what was written to any database, by this process or seen to be by another: one count, for two databases may be of one file. */
let revision = 0;

type Values = readonly SQLInputValue[];

/** Where the embedded issuer keeps everything: one sqlite file. */
export class Database extends DatabaseSync {
  readonly #folder: string;
  readonly #dataVersion: StatementSync;
  #seen: unknown;
  #hasLooked = false;

  constructor(folder: string) {
    super(join(folder, FILE), { timeout: BUSY_TIMEOUT_MILLISECONDS });
    this.#folder = folder;
    this.#dataVersion = this.prepare('PRAGMA data_version');
  }

  /** A number that is another one when anything was written since: at once by this process, within a moment by another. */
  revision(): number {
    if (this.#hasLooked) return revision;
    this.#hasLooked = true;
    setTimeout(() => {
      this.#hasLooked = false;
    }, LOOK_INTERVAL_MILLISECONDS).unref();
    const dataVersion = this.get(this.#dataVersion)?.['data_version'];
    if (dataVersion !== this.#seen) revision += 1;
    this.#seen = dataVersion;
    return revision;
  }

  /** The first row that a statement finds. */
  get(statement: StatementSync, ...values: Values): Record<string, SQLOutputValue> | undefined {
    return this.#try(() => statement.get(...values));
  }

  /** All rows that a statement finds. */
  all(statement: StatementSync, ...values: Values): readonly Record<string, SQLOutputValue>[] {
    return this.#try(() => statement.all(...values));
  }

  /** Runs a statement that writes, and tells how many rows it wrote. */
  write(statement: StatementSync, ...values: Values): number {
    revision += 1;
    return this.writeUnkept(statement, ...values);
  }

  /** The same for what is read anew each time, so that what is kept of the rest stays. */
  writeUnkept(statement: StatementSync, ...values: Values): number {
    return this.#try(() => Number(statement.run(...values).changes));
  }

  /** Does what several statements write, and tells `true`; or nothing of it, when it answers `false` or throws. */
  transact(write: () => boolean): boolean {
    return this.#try(() => {
      this.exec('BEGIN IMMEDIATE');
      try {
        const isDone = write();
        this.exec(isDone ? 'COMMIT' : 'ROLLBACK');
        return isDone;
      } catch (error) {
        if (this.isTransaction) this.exec('ROLLBACK');
        throw error;
      }
    });
  }

  #try<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw failedStore(error, this.#folder);
    }
  }
}

/**
 * Opens the store in a folder, both made when they are not there, for their owner's eyes only.
 *
 * What is written is on the disk when the write returns: no crash takes it back. A store that is refused stays as it is, byte for byte.
 *
 * @throws OAuthError `invalid_request` when the folder cannot be used, `temporarily_unavailable` when its disk cannot;
 * StoreFailure when its store is damaged; Error when it was made by a newer Signet.
 */
export function openDatabase(folder: string): Database {
  try {
    makeFile(folder);
    inspect(folder);
    return openFile(folder);
  } catch (error) {
    throw unusableStore(error, folder);
  }
}

/** Here and not by sqlite, so that there is no moment in which others may read it. */
function makeFile(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (statSync(folder).mode & constants.S_IWOTH) throw openToAll(folder);
  const file = openSync(join(folder, FILE), OPEN_OR_MAKE, 0o600);
  try {
    fchmodSync(file, 0o600);
  } finally {
    closeSync(file);
  }
}

/** Looks for what is wrong with a store by a connection that cannot write: another one changes the file when it is closed. */
function inspect(folder: string): void {
  const database = new DatabaseSync(join(folder, FILE), {
    readOnly: true,
    timeout: BUSY_TIMEOUT_MILLISECONDS,
  });
  try {
    schemaVersion(database, folder);
    // Of all pages: to write to some while others are damaged would make it worse.
    const { quick_check } = database.prepare('PRAGMA quick_check(1)').get() ?? {};
    if (quick_check !== 'ok') throw damagedStore(folder);
  } finally {
    database.close();
  }
}

function openFile(folder: string): Database {
  const database = new Database(folder);
  try {
    useWriteAheadLog(database);
    database.exec('PRAGMA synchronous = FULL');
    migrate(database, folder);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** Of two processes that start together on a new file, sqlite lets one fail here at once, for either could wait for the other's lock. */
function useWriteAheadLog(database: Database): void {
  const deadline = Date.now() + BUSY_TIMEOUT_MILLISECONDS;
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_INTERVAL_MILLISECONDS);
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === BUSY;
}

function migrate(database: Database, folder: string): void {
  if (schemaVersion(database, folder) === MIGRATIONS.length) return;
  // The lock first, then the version again: of two processes that start together only one migrates.
  database.transact(() => {
    for (const step of MIGRATIONS.slice(schemaVersion(database, folder))) database.exec(step);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    return true;
  });
}

function schemaVersion(database: DatabaseSync, folder: string): number {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version <= MIGRATIONS.length) return version;
  throw new Error(`the store in ${folder} was made by a newer Signet: use that one, or another folder`);
}
