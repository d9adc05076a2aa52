import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import * as v from 'valibot';
import { openEmbeddedStore } from '../../adapters/embedded/store.ts';
import { runSignet } from '../support/signet.ts';
import { type SignetOnStore, signetOnStore } from '../support/signet-in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NOW = 1_800_000_000;

/** Fifteen minutes that a function keeps the key set while DynamoDB is down, five that caches keep the JWKS, and one of clock skew. */
const UNTIL_EVERY_CACHE_HAS_IT = 900 + 300 + 60;
const UNTIL_LAST_TOKEN_EXPIRED = 900 + 86_400 + 60;

const Keys = v.array(v.looseObject({ kid: v.string(), state: v.string() }));

describe('signet keys', () => {
  const pathOf = temporaryFolder();
  let signet: SignetOnStore;
  beforeEach(async () => {
    mock.timers.enable({ apis: ['Date'], now: NOW * 1000 });
    const folder = pathOf(randomUUID());
    const store = openEmbeddedStore(folder);
    await store.createMissingKeys(['ES256']);
    store.close();
    signet = signetOnStore(folder);
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  const list = async () => v.parse(Keys, await signet.json('keys', 'list'));
  const kids = async () => (await list()).map(({ kid }) => kid);
  const at = (seconds: number) => mock.timers.setTime((NOW + seconds) * 1000);

  it('are listed with state, algorithm and times, and nothing that they are made of', async () => {
    const [kid = ''] = await kids();
    const times = { published_at: NOW, signs_from: NOW };
    assert.deepEqual(await list(), [{ kid, alg: 'ES256', state: 'active', ...times }]);
    const { stdout } = await signet.run('keys', 'list');
    const date = '2027-01-15T08:00:00.000Z';
    const head = 'kid                                          alg    state   published_at';
    assert.ok(stdout.startsWith(head), stdout);
    assert.ok(stdout.endsWith(`\n${kid}  ES256  active  ${date}  ${date}\n`), stdout);
  });

  it('are none in a store that was never served', async () => {
    const folder = pathOf('empty');
    openEmbeddedStore(folder).close();
    const empty = signetOnStore(folder);
    const none = 'There are no keys yet: signet serve makes them, or the deploy of a stack.\n';
    assert.deepEqual(await empty.run('keys', 'list'), { exitCode: 0, stdout: none, stderr: '' });
    assert.deepEqual(await empty.run('keys', 'rotate'), {
      exitCode: 2,
      stdout: '',
      stderr:
        'signet: there is no key here that another can be made like: signet serve makes the first ones, or the deploy of a stack\n',
    });
  });

  it('are rotated: another is published, and follows when every cache has it', async () => {
    const [first = ''] = await kids();
    const rotated = (await signet.json('keys', 'rotate')) as { made: string[] };
    const [second = ''] = rotated.made;
    const signs_from = NOW + UNTIL_EVERY_CACHE_HAS_IT;
    const keys = [
      {
        kid: first,
        alg: 'ES256',
        state: 'active',
        published_at: NOW,
        signs_from: NOW,
        retired_at: signs_from,
        published_until: signs_from + UNTIL_LAST_TOKEN_EXPIRED,
      },
      { kid: second, alg: 'ES256', state: 'pending', published_at: NOW, signs_from },
    ];
    assert.deepEqual(rotated, { made: [second], keys });
    at(UNTIL_EVERY_CACHE_HAS_IT);
    const states = (await list()).map(({ state }) => state);
    assert.deepEqual(states, ['retired', 'active']);
  });

  it('are rotated once, however often that is asked for at a time, and only when they are old enough', async () => {
    assert.match(
      (await signet.run('keys', 'rotate')).stdout,
      /^A key was made and published for each algorithm\. /,
    );
    const again = 'No key was made: those that sign are not old enough, or another is on its way.\n\nkid ';
    assert.ok((await signet.run('keys', 'rotate')).stdout.startsWith(again));
    at(90 * 86_400);
    assert.ok((await signet.run('keys', 'rotate', '--older-than', '90d')).stdout.startsWith(again));
    at(90 * 86_400 + UNTIL_EVERY_CACHE_HAS_IT);
    assert.equal(
      ((await signet.json('keys', 'rotate', '--older-than', '90d')) as { made: [] }).made.length,
      1,
    );
  });

  it('are retired when another signs, and refused to be when there is none', async () => {
    const [first = ''] = await kids();
    const only = await signet.run('keys', 'retire', first);
    assert.deepEqual([only.exitCode, only.stdout], [2, '']);
    assert.match(
      only.stderr,
      /^signet: \S+ is the only key that signs with ES256: signet keys rotate has another follow it\n$/,
    );
    await signet.run('keys', 'rotate');
    const [, second = ''] = await kids();
    const { stdout } = await signet.run('keys', 'retire', second);
    assert.match(stdout, new RegExp(`\\n${second} +ES256 +retired `));
  });

  it('may have a name that begins with a hyphen, which is no option', async () => {
    const kid = `-${'a'.repeat(42)}`;
    for (const args of [[kid], ['--now', '--yes', kid], [kid, '--now', '--yes']]) {
      assert.deepEqual(await signet.run('keys', 'retire', ...args), {
        exitCode: 2,
        stdout: '',
        stderr: `signet: there is no key ${kid}: signet keys list shows those there are\n`,
      });
    }
    const { stderr } = await signet.run('keys', 'retire', '--nwo');
    assert.match(
      stderr,
      /'--nwo' is invalid for argument 'kid'\. A kid has 43 characters: signet keys list shows it\n$/,
    );
  });

  describe('that leaked', () => {
    const remove = (...args: readonly string[]) => signet.run('keys', 'retire', '--now', ...args);

    it('are removed at once, after it was said what that breaks', async () => {
      const [first = ''] = await kids();
      const { exitCode, stdout, stderr } = await remove('--yes', first);
      const [second = '', ...others] = await kids();
      assert.deepEqual([exitCode, others, second === first], [0, [], false]);
      assert.ok(stdout.startsWith(`The key ${first} is removed.\n\nkid `), stdout);
      assert.equal(
        stderr,
        `The key ${first} (ES256, active) leaves the JWKS, and is gone for good.
- All tokens that it signed are refused, also good ones, which would have been good until 2027-01-16T08:16:00.000Z at most: their clients have to get new ones.
- APIs that keep the JWKS for as long as they are told accept its tokens, also forged ones, until 2027-01-15T08:20:00.000Z; those that keep it longer, for longer.
- Deployed functions that keep the key set go on with it for a minute, and for 15 while DynamoDB does not answer them.
- A key that is made now signs with ES256 from now on: APIs that do not look for an unknown key refuse its tokens until 2027-01-15T08:20:00.000Z.
`,
      );
    });

    it('tell of the key that signs instead', async () => {
      const [first = ''] = await kids();
      await signet.run('keys', 'rotate');
      at(UNTIL_EVERY_CACHE_HAS_IT);
      const [, second = ''] = await kids();
      const removed = await remove('--yes', first);
      assert.match(
        removed.stderr,
        new RegExp(`\\n- The key ${second} signs with ES256 from now on: every API has it already\\.\\n$`),
      );
      assert.deepEqual(await kids(), [second]);
    });

    for (const [command, done] of [
      [['retire', '--now'], 'removed'],
      [['disable'], 'disabled'],
    ] as const) {
      it(`are told of in JSON when that is wanted, as ${done}`, async () => {
        const [kid = ''] = await kids();
        const answer = (await signet.json('keys', ...command, '--yes', kid)) as object;
        const tokens_until = NOW + UNTIL_LAST_TOKEN_EXPIRED;
        const effects = { kid, alg: 'ES256', state: 'active', tokens_until, caches_until: NOW + 1_200 };
        assert.deepEqual(answer, { [done]: effects, keys: await list() });
      });
    }

    it('are disabled at once, after it was said what that breaks, and enabled again when they did not', async () => {
      const [kid = ''] = await kids();
      const asked = await signet.run('keys', 'disable', kid);
      assert.equal(asked.exitCode, 2);
      assert.match(asked.stderr, /\nsignet: there is no terminal to ask at: add --yes to go on without\n$/);
      const { stdout, stderr } = await signet.run('keys', 'disable', '--yes', kid);
      const end =
        'signs no more; signet keys enable takes it back into the JWKS while tokens of it would be good';
      assert.ok(
        stderr.startsWith(`The key ${kid} (ES256, active) leaves the JWKS, and ${end}.\n- All tokens`),
      );
      assert.match(stdout, new RegExp(`^The key ${kid} is disabled\\.\n\nkid .+\n${kid} +ES256 +disabled `));
      const enabled = v.parse(Keys, await signet.json('keys', 'enable', kid));
      assert.deepEqual(
        enabled.map(({ state }) => state),
        ['retired', 'active'],
      );
    });

    it('stay where nobody can confirm it: it never waits for an answer that cannot come', async () => {
      mock.timers.reset();
      const [kid = ''] = await kids();
      const { exitCode, stdout, stderr } = await runSignet([
        'keys',
        'retire',
        '--now',
        '--data',
        signet.folder,
        '--',
        kid,
      ]);
      assert.deepEqual([exitCode, stdout], [2, '']);
      assert.match(stderr, /\nsignet: there is no terminal to ask at: add --yes to go on without\n$/);
      assert.deepEqual(await kids(), [kid]);
    });

    for (const [what, typed, exitCode] of [
      ['yes', 'yes\n', 0],
      ['no', 'no\n', 2],
      ['nothing', '', 2],
    ] as const) {
      it(`ask at a terminal, which may answer ${what}`, async () => {
        const [kid] = await kids();
        const terminal = Object.assign(new PassThrough(), { isTTY: true });
        mock.getter(process, 'stdin', () => terminal);
        terminal.end(typed);
        const run = await remove(kid ?? '');
        assert.equal(run.exitCode, exitCode, run.stderr);
        assert.match(run.stderr, /\nThis cannot be undone\. Write yes to go on: /);
        if (exitCode === 2) assert.ok(run.stderr.endsWith('signet: nothing was changed\n'));
        assert.equal((await kids())[0] === kid, exitCode === 2);
      });
    }
  });
});
