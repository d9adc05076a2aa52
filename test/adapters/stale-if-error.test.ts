import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { cachedSigningKeyReader } from '../../adapters/cache/key-set-cache.ts';
import { cachedRecordReader } from '../../adapters/cache/record-cache.ts';
import { staleIfError } from '../../adapters/cache/stale-if-error.ts';
import {
  KEY_SET_MAX_AGE_SECONDS,
  STALE_IF_ERROR_MAX_SECONDS,
  STALE_IF_ERROR_RETRY_SECONDS,
} from '../../core/limits.ts';
import { temporarilyUnavailable } from '../../core/temporarily-unavailable.ts';

const START = 1_800_000_000;
const RECORD_MAX_AGE_SECONDS = 10;
const OUTAGE = new Error('no answer');

describe('what was read of a store that does not answer any more (RFC 5861 §4)', () => {
  let now: number;
  let version: number;
  let fault: Error | undefined;
  let reads: number;
  let reported: unknown[];

  const clock = () => now;
  const read = async () => {
    reads += 1;
    if (fault) throw fault;
    return { version, keys: [] };
  };
  /** Caches of one store, each with how long it keeps what it read. */
  const openCaches = () => {
    const orStale = staleIfError(clock, (cause) => reported.push(cause));
    const records = cachedRecordReader({ find: read }, RECORD_MAX_AGE_SECONDS, clock, orStale);
    const keySet = cachedSigningKeyReader({ load: read }, clock, orStale);
    return {
      record: { find: () => records.find('a'), maxAgeSeconds: RECORD_MAX_AGE_SECONDS },
      'key set': { find: () => keySet.load(), maxAgeSeconds: KEY_SET_MAX_AGE_SECONDS },
    };
  };

  beforeEach(() => {
    now = START;
    version = 1;
    fault = undefined;
    reads = 0;
    reported = [];
  });

  for (const what of ['record', 'key set'] as const) {
    describe(`a ${what}`, () => {
      /** One that was read at the start, and that is too old by now to be used without asking. */
      const readBefore = async () => {
        const cache = openCaches()[what];
        await cache.find();
        now += cache.maxAgeSeconds;
        fault = temporarilyUnavailable(OUTAGE);
        reads = 0;
        return cache;
      };

      it('is good enough until it is fifteen minutes old, and then the fault is told', async () => {
        const { find } = await readBefore();
        assert.equal((await find())?.version, 1);
        now = START + STALE_IF_ERROR_MAX_SECONDS - 1;
        assert.equal((await find())?.version, 1);
        now += 1;
        await assert.rejects(find(), fault);
      });

      it('is not there when it was never read: the fault is told', async () => {
        fault = temporarilyUnavailable(OUTAGE);
        await assert.rejects(openCaches()[what].find(), fault);
      });

      it('is as it is in the store as soon as that answers, five seconds after it was last asked', async () => {
        const { find } = await readBefore();
        await find();
        version = 2;
        fault = undefined;
        now += STALE_IF_ERROR_RETRY_SECONDS;
        assert.equal((await find())?.version, 2);
      });

      it('keeps nobody waiting for the store but one caller in five seconds, and tells why it waited', async () => {
        const { find } = await readBefore();
        for (let second = 0; second < 2 * STALE_IF_ERROR_RETRY_SECONDS; second += 1) {
          await find();
          await find();
          now += 1;
        }
        assert.equal(reads, 2);
        assert.deepEqual(reported, [OUTAGE, OUTAGE]);
      });

      it('is not good enough when the store answers that it may not be read', async () => {
        const { find } = await readBefore();
        fault = new Error('AccessDeniedException');
        await assert.rejects(find(), fault);
      });
    });
  }

  it('is used of all kinds at once when one of them could not be had', async () => {
    const { record, 'key set': keySet } = openCaches();
    await Promise.all([record.find(), keySet.find()]);
    now += KEY_SET_MAX_AGE_SECONDS;
    fault = temporarilyUnavailable(OUTAGE);
    reads = 0;
    await record.find();
    await keySet.find();
    assert.equal(reads, 1);
  });

  it('is nothing where a record is not kept at all', async () => {
    const orStale = staleIfError(clock, (cause) => reported.push(cause));
    const records = cachedRecordReader({ find: read }, 0, clock, orStale);
    await records.find('a');
    fault = temporarilyUnavailable(OUTAGE);
    await assert.rejects(records.find('a'), fault);
  });
});
