import { OAuthError } from '../../core/oauth-error.ts';

const NO_FOLDER = 'is no folder: name one, or one that can be made';
const NOT_WRITABLE = 'may not be written by you: name another folder';

/** What is wrong with a folder, by the code of the file system's error. */
const FOLDER_FAULTS: ReadonlyMap<unknown, string> = new Map([
  ['EEXIST', NO_FOLDER],
  ['ENOTDIR', NO_FOLDER],
  ['EACCES', NOT_WRITABLE],
  ['EPERM', NOT_WRITABLE],
  ['EROFS', NOT_WRITABLE],
]);

/** SQLITE_CORRUPT and SQLITE_NOTADB (https://sqlite.org/rescode.html); the bits above the first eight say more than is asked. */
const DAMAGED = new Set([11, 26]);
const PRIMARY_RESULT_CODE = 0xff;

/** What kept a store from being opened, as a sentence for whoever named the folder; what has none stays as it is. */
export function unusableStore(error: unknown, folder: string): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  const fault = FOLDER_FAULTS.get(error.code);
  if (fault !== undefined) return new OAuthError('invalid_request', `${folder} ${fault}`, { cause: error });
  if (!('errcode' in error && DAMAGED.has(Number(error.errcode) & PRIMARY_RESULT_CODE))) return error;
  return new OAuthError(
    'server_error',
    `the store in ${folder} is damaged: put a copy of it in its place, or move it away to begin with an empty one`,
    { cause: error },
  );
}
