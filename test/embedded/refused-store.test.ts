import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { before, describe, it } from 'node:test';
import { openEmbeddedStore } from '../../adapters/embedded/store.ts';
import { makeClient } from '../support/records.ts';
import { runSignet } from '../support/signet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FILE = 'signet.sqlite';

const SERVE = ['serve', '--port', '0'];
const CREATE = ['clients', 'create', 'another'];

/** Root may write whatever the modes of files say, unless that is taken from it. */
const WITHOUT_PRIVILEGE =
  process.getuid?.() === 0 ? ['setpriv', '--inh-caps=-dac_override', '--bounding-set=-dac_override'] : [];

const damaged = (folder: string) =>
  `the store in ${folder} is damaged: put a copy of it in its place, or move it away to begin with an empty one`;
const newer = (folder: string) =>
  `the store in ${folder} was made by a newer Signet: use that one, or another folder`;
const notWritable = (folder: string) => `${folder} may not be written by you: name another folder`;

interface Refusal {
  readonly what: string;
  readonly spoil: (folder: string) => void;
  readonly sentence: (folder: string) => string;
  readonly exitCode: number;
  readonly under?: readonly string[];
}

const REFUSALS: readonly Refusal[] = [
  {
    what: 'with something else at its beginning',
    spoil: (folder) => overwrite(join(folder, FILE), 0, 100),
    sentence: damaged,
    exitCode: 1,
  },
  {
    what: 'that is cut off',
    spoil: (folder) => truncateSync(join(folder, FILE), 5_000),
    sentence: damaged,
    exitCode: 1,
  },
  {
    what: 'with something else in its middle',
    spoil(folder) {
      const file = join(folder, FILE);
      overwrite(file, statSync(file).size / 2, 4_096);
    },
    sentence: damaged,
    exitCode: 1,
  },
  {
    what: 'of a newer version',
    spoil: (folder) => leaveAltered(folder, 'PRAGMA user_version = 99'),
    sentence: newer,
    exitCode: 1,
  },
  {
    what: 'of a newer version that keeps another journal',
    spoil: (folder) => leaveAltered(folder, 'PRAGMA journal_mode = DELETE; PRAGMA user_version = 99'),
    sentence: newer,
    exitCode: 1,
  },
  {
    what: 'in a folder where nothing can be written',
    spoil: (folder) => chmodSync(folder, 0o500),
    sentence: notWritable,
    exitCode: 2,
    under: WITHOUT_PRIVILEGE,
  },
  {
    what: 'in a file that cannot be written',
    spoil: (folder) => chmodSync(join(folder, FILE), 0o400),
    sentence: notWritable,
    exitCode: 2,
    under: WITHOUT_PRIVILEGE,
  },
  {
    what: 'in a folder that everyone may write to',
    spoil: (folder) => chmodSync(folder, 0o777),
    sentence: (folder) =>
      `${folder} may be written by everyone: take that from it (chmod o-w), or name another folder`,
    exitCode: 2,
  },
  {
    what: 'that is a link to another file',
    spoil(folder) {
      renameSync(join(folder, FILE), join(folder, 'another'));
      chmodSync(join(folder, 'another'), 0o644);
      symlinkSync('another', join(folder, FILE));
    },
    sentence: (folder) => `the store in ${folder} is a link: name the folder that has it`,
    exitCode: 2,
  },
  {
    what: 'on a disk that takes nothing',
    spoil: () => undefined,
    sentence: (folder) =>
      `the disk that ${folder} is on fails: see to it that it is not full, and not broken`,
    exitCode: 1,
    under: ['prlimit', '--fsize=0'],
  },
];

describe('a store', () => {
  const pathOf = temporaryFolder();
  before(async () => {
    const store = openEmbeddedStore(pathOf('made'));
    for (let n = 100; n < 200; n += 1) await store.clients.create(makeClient(`client-${n}`));
    store.close();
    leaveAltered(pathOf('made'), "DELETE FROM record WHERE id = 'client-199'");
  });

  for (const [index, { what, spoil, sentence, exitCode, under }] of REFUSALS.entries()) {
    it(`${what} is refused in a sentence, and left as it is`, async () => {
      const folder = pathOf(String(index));
      cpSync(pathOf('made'), folder, { recursive: true });
      spoil(folder);
      const untouched = digest(folder);
      const runs = [SERVE, CREATE].map((command) => runSignet([...command, '--data', folder], {}, '', under));
      const refused = { exitCode, stdout: '', stderr: `signet: ${sentence(folder)}\n` };
      assert.deepEqual(await Promise.all(runs), [refused, refused]);
      assert.deepEqual(digest(folder), untouched);
    });
  }
});

function overwrite(file: string, offset: number, length: number): void {
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xff, offset, offset + length));
}

/** Changes a store as a process does that is killed then: what it wrote is in the log beside the file. */
function leaveAltered(folder: string, statements: string): void {
  const database = new DatabaseSync(join(folder, FILE));
  database.exec(statements);
  const files = readFiles(folder);
  database.close();
  for (const [file, bytes] of files) writeFileSync(join(folder, file), bytes);
}

/** What is in the files of a store, but for the one that only says who has it open. */
function readFiles(folder: string): readonly (readonly [string, Buffer])[] {
  const files = readdirSync(folder).filter((file) => !file.endsWith('-shm'));
  return files.map((file) => [file, readFileSync(join(folder, file))] as const);
}

/** Tells two states of a store apart, by what is in its files and who may use them. An empty log is as good as none. */
function digest(folder: string): readonly string[] {
  return readFiles(folder).flatMap(([file, bytes]) =>
    bytes.length === 0 ? [] : `${file} ${statSync(join(folder, file)).mode} ${hash('sha256', bytes)}`,
  );
}
