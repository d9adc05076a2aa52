import { OAuthError } from '../../core/oauth-error.ts';
import { temporarilyUnavailable } from '../../core/temporarily-unavailable.ts';

/** What keeps a store from being used: whose doing it is, and what to tell its operator. */
interface StoreFault {
  readonly code: 'invalid_request' | 'temporarily_unavailable' | 'server_error';
  readonly describe: (folder: string) => string;
}

const NO_FOLDER: StoreFault = {
  code: 'invalid_request',
  describe: (folder) => `${folder} is no folder: name one, or one that can be made`,
};
const NOT_WRITABLE: StoreFault = {
  code: 'invalid_request',
  describe: (folder) => `${folder} may not be written by you: name another folder`,
};
const OPEN_TO_ALL: StoreFault = {
  code: 'invalid_request',
  describe: (folder) =>
    `${folder} may be written by everyone: take that from it (chmod o-w), or name another folder`,
};
const LINK: StoreFault = {
  code: 'invalid_request',
  describe: (folder) => `the store in ${folder} is a link: name the folder that has it`,
};
const DISK_FULL: StoreFault = {
  code: 'temporarily_unavailable',
  describe: (folder) => `the disk that ${folder} is on is full: make room on it`,
};
const DISK_FAILS: StoreFault = {
  code: 'temporarily_unavailable',
  describe: (folder) => `the disk that ${folder} is on fails: see to it that it is not full, and not broken`,
};
const LOCKED: StoreFault = {
  code: 'temporarily_unavailable',
  describe: (folder) => `another process keeps the store in ${folder} locked: end that one, or wait for it`,
};
const DAMAGED: StoreFault = {
  code: 'server_error',
  describe: (folder) =>
    `the store in ${folder} is damaged: put a copy of it in its place, or move it away to begin with an empty one`,
};

/** By the code of the file system's error, or by the result code of sqlite (https://sqlite.org/rescode.html). */
const FAULTS: ReadonlyMap<unknown, StoreFault> = new Map<unknown, StoreFault>([
  ['EEXIST', NO_FOLDER],
  ['ENOTDIR', NO_FOLDER],
  ['EACCES', NOT_WRITABLE],
  ['EPERM', NOT_WRITABLE],
  ['EROFS', NOT_WRITABLE],
  ['ENOSPC', DISK_FULL],
  ['EDQUOT', DISK_FULL],
  ['EIO', DISK_FAILS],
  ['EISDIR', DAMAGED],
  ['ELOOP', LINK],
  // SQLITE_ERROR: a schema that is not the one of its version.
  [1, DAMAGED],
  // SQLITE_BUSY
  [5, LOCKED],
  // SQLITE_READONLY, and SQLITE_CANTOPEN for the files beside the store's own
  [8, NOT_WRITABLE],
  [14, NOT_WRITABLE],
  // SQLITE_IOERR
  [10, DISK_FAILS],
  // SQLITE_FULL
  [13, DISK_FULL],
  // SQLITE_CORRUPT, SQLITE_NOTADB
  [11, DAMAGED],
  [26, DAMAGED],
]);

/** The bits above the first eight say more than is asked. */
const PRIMARY_RESULT_CODE = 0xff;

/** What failed in a store, in a sentence for its operator. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
}

/** What kept a store from being opened: a folder that was named wrongly, or what may fail later too. */
export function unusableStore(error: unknown, folder: string): unknown {
  const fault = findFault(error);
  if (fault?.code !== 'invalid_request') return failedStore(error, folder);
  return new OAuthError(fault.code, fault.describe(folder), { cause: error });
}

/** What failed in a store that is open: whoever asks the issuer for something learns no more than whether to try again. */
export function failedStore(error: unknown, folder: string): unknown {
  const fault = findFault(error);
  if (!fault) return error;
  const failure = new StoreFailure(fault.describe(folder), { cause: error });
  return fault.code === 'server_error' ? failure : temporarilyUnavailable(failure);
}

/** The refusal of a folder in which anyone could put a store of their own, or a log that sqlite would write into ours. */
export function openToAll(folder: string): OAuthError {
  return new OAuthError(OPEN_TO_ALL.code, OPEN_TO_ALL.describe(folder));
}

/** The refusal of a store whose own check says that it is damaged. */
export function damagedStore(folder: string): StoreFailure {
  return new StoreFailure(DAMAGED.describe(folder));
}

function findFault(error: unknown): StoreFault | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined;
  return FAULTS.get('errcode' in error ? Number(error.errcode) & PRIMARY_RESULT_CODE : error.code);
}
