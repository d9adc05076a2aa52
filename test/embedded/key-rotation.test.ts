import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type EmbeddedStore, openEmbeddedStore } from '../../adapters/embedded/store.ts';
import { rotateKeys } from '../../cli/serve/key-rotation.ts';
import { startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NOW = 1_800_000_000;
const DAY = 86_400;
const PERIOD = 90 * DAY;
const HOUR_MILLISECONDS = 3_600_000;

describe('keys that an embedded issuer rotates by itself', () => {
  const pathOf = temporaryFolder();
  let store: EmbeddedStore;
  let lines: object[];
  const log = (line: object) => void lines.push(line);
  let folders = 0;
  beforeEach(async () => {
    mock.timers.enable({ apis: ['Date', 'setInterval'], now: NOW * 1000 });
    folders += 1;
    store = openEmbeddedStore(pathOf(String(folders)));
    await store.createMissingKeys(['ES256']);
    lines = [];
  });
  afterEach(() => {
    store.close();
    mock.timers.reset();
  });
  const keys = async () => (await store.signingKeys.load()).keys;

  it('are followed when they are old enough, which is looked for at the start and each hour', async () => {
    const rotation = rotateKeys(PERIOD, store, log);
    mock.timers.tick((PERIOD - 1) * 1000);
    await rotation.stop();
    assert.deepEqual([(await keys()).length, lines], [1, []]);

    const again = rotateKeys(PERIOD, store, log);
    await setImmediate();
    mock.timers.tick(HOUR_MILLISECONDS);
    await again.stop();
    const [, second] = await keys();
    assert.ok(second);
    const { alg, kid, signs_from } = second;
    assert.deepEqual(lines, [
      { time: new Date().toISOString(), event: 'key-rotation', alg, kid, signs_from },
    ]);
  });

  it('stay as they are when that fails, and the next hour tries again', async () => {
    mock.timers.tick(PERIOD * 1000);
    let isBroken = true;
    const make: typeof store.keyMaker.make = (alg) =>
      isBroken ? Promise.reject(new Error('no entropy')) : store.keyMaker.make(alg);
    const rotation = rotateKeys(PERIOD, { ...store, keyMaker: { ...store.keyMaker, make } }, log);
    await eventually(async () => assert.equal(lines.length, 1));
    const time = new Date().toISOString();
    assert.deepEqual(lines, [{ time, event: 'key-rotation', fault: 'Error: no entropy' }]);
    isBroken = false;
    mock.timers.tick(HOUR_MILLISECONDS);
    await rotation.stop();
    assert.equal((await keys()).length, 2);
  });

  it('stay as they are without a period', async () => {
    const rotation = rotateKeys(undefined, store, log);
    mock.timers.tick(10 * PERIOD * 1000);
    await rotation.stop();
    assert.equal((await keys()).length, 1);
  });

  it('are rotated by signet serve --rotate-keys, which ends as ever', async () => {
    mock.timers.setTime((NOW - 9 * 365 * DAY) * 1000);
    const folder = pathOf('old');
    const old = openEmbeddedStore(folder);
    await old.createMissingKeys(['RS256']);
    old.close();
    mock.timers.reset();
    const embedded = await startEmbeddedIssuer({ folder, args: ['--rotate-keys', '2d'] });
    const published = async () => {
      const jwks = await (await fetch(`${embedded.url}/.well-known/jwks.json`)).json();
      return (jwks as { keys: readonly unknown[] }).keys.length;
    };
    try {
      await eventually(async () => assert.equal(await published(), 2));
    } finally {
      assert.equal(await embedded.end(), 0);
    }
    assert.match(
      embedded.log(),
      /^\{"time":"[^"]+","event":"key-rotation","alg":"RS256","kid":"[^"]+","signs_from":\d+\}$/m,
    );
  });
});
