import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { timestamp } from '../../http/timestamp.ts';

describe('a timestamp', () => {
  it('is the time as RFC 3339 has it, to the millisecond, whichever was written before', () => {
    const times = fc.array(fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }), { minLength: 1 });
    const closeTimes = fc
      .tuple(fc.integer({ min: 0, max: 4_102_444_800_000 }), fc.array(fc.integer({ min: 0, max: 2_500 })))
      .map(([start, distances]) => distances.map((distance) => start + distance));
    fc.assert(
      fc.property(fc.oneof(times, closeTimes), (milliseconds) => {
        for (const time of milliseconds) assert.equal(timestamp(time), new Date(time).toISOString());
      }),
    );
  });
});
