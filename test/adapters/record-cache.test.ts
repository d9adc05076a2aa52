import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cachedRecordReader } from '../../adapters/cache/record-cache.ts';
import type { Clock } from '../../core/clock.ts';
import type { RecordReader } from '../../core/ports/record-store.ts';

function countingReader() {
  const reads: string[] = [];
  const records = new Map([['a', { version: 1 }]]);
  const reader = {
    async find(id: string) {
      reads.push(id);
      return records.get(id);
    },
  };
  return { reader, reads, records };
}

function cache<Id, Item>(reader: RecordReader<Id, Item>, maxAgeSeconds: number, clock: Clock) {
  return cachedRecordReader(reader, maxAgeSeconds, clock, (_, read) => read());
}

describe('the record cache', () => {
  it('reads a record once in its maximum age', async () => {
    const { reader, reads } = countingReader();
    let now = 100;
    const cached = cache(reader, 10, () => now);
    assert.deepEqual(await cached.find('a'), { version: 1 });
    now = 109;
    assert.deepEqual(await cached.find('a'), { version: 1 });
    assert.deepEqual(reads, ['a']);
  });

  it('shows a change when the maximum age is over, and not later', async () => {
    const { reader, records } = countingReader();
    let now = 100;
    const cached = cache(reader, 10, () => now);
    await cached.find('a');
    records.set('a', { version: 2 });
    now = 110;
    assert.deepEqual(await cached.find('a'), { version: 2 });
  });

  it('asks again for a record that was not there', async () => {
    const { reader, reads, records } = countingReader();
    const cached = cache(reader, 10, () => 100);
    assert.equal(await cached.find('b'), undefined);
    records.set('b', { version: 1 });
    assert.deepEqual(await cached.find('b'), { version: 1 });
    assert.deepEqual(reads, ['b', 'b']);
  });

  it('keeps nothing when the maximum age is 0', async () => {
    const { reader, reads } = countingReader();
    const cached = cache(reader, 0, () => 100);
    await cached.find('a');
    await cached.find('a');
    assert.deepEqual(reads, ['a', 'a']);
  });

  it('keeps a thousand records, and drops the one it has had longest', async () => {
    const reads: number[] = [];
    const reader = {
      async find(id: number) {
        reads.push(id);
        return { version: id };
      },
    };
    const cached = cache(reader, 10, () => 100);
    for (let id = 0; id <= 1_000; id += 1) await cached.find(id);
    reads.length = 0;
    await cached.find(1_000);
    await cached.find(1);
    await cached.find(0);
    assert.deepEqual(reads, [0]);
  });
});
