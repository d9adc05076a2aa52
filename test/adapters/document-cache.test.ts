import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { cachedDocumentReader } from '../../adapters/cache/document-cache.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { JsonDocumentReader } from '../../core/ports/json-document-reader.ts';

const URL = 'https://shop.example.com/jwks.json';

let now: number;
let fetched: string[];
/** What a URL has, or why it cannot be had. */
let pages: Map<string, JsonObject | Error>;
let reader: JsonDocumentReader;
beforeEach(() => {
  now = 1_800_000_000;
  fetched = [];
  pages = new Map<string, JsonObject>([[URL, { version: 1 }]]);
  reader = cachedDocumentReader(
    async (url) => {
      fetched.push(url);
      const page = pages.get(url) ?? new Error('none');
      if (page instanceof Error) throw page;
      return page;
    },
    () => now,
  );
});

describe('the document cache', () => {
  it('fetches a document once in five minutes, and then anew', async () => {
    const first = await reader.read(URL);
    pages.set(URL, { version: 2 });
    now += 299;
    assert.equal(await reader.read(URL), first);
    now += 1;
    assert.deepEqual(await reader.read(URL), { version: 2 });
    assert.equal(fetched.length, 2);
  });

  it('fetches it anew for who misses something, once in 30 seconds whatever is asked', async () => {
    await reader.read(URL);
    pages.set(URL, { version: 2 });
    now += 29;
    assert.deepEqual(await reader.reread(URL), { version: 1 });
    now += 1;
    for (let asked = 0; asked < 100; asked += 1) {
      assert.deepEqual(await reader.reread(URL), { version: 2 });
      assert.deepEqual(await reader.read(URL), { version: 2 });
    }
    assert.equal(fetched.length, 2);
  });

  it('shares one fetch among all that ask at once, the first time and anew', async () => {
    const all = await Promise.all(Array.from({ length: 25 }, () => reader.read(URL)));
    assert.deepEqual(all, Array(25).fill({ version: 1 }));
    now += 60;
    await Promise.all(Array.from({ length: 25 }, () => reader.reread(URL)));
    assert.equal(fetched.length, 2);
  });

  it('knows for 30 seconds that a document cannot be had', async () => {
    pages.set(URL, new Error('down'));
    await assert.rejects(reader.read(URL), /down/);
    pages.set(URL, { version: 1 });
    now += 29;
    await assert.rejects(reader.read(URL), /down/);
    await assert.rejects(reader.reread(URL), /down/);
    assert.equal(fetched.length, 1);
    now += 1;
    assert.deepEqual(await reader.read(URL), { version: 1 });
  });

  it('keeps a document that it failed to fetch anew until its five minutes are over', async () => {
    await reader.read(URL);
    pages.set(URL, new Error('down'));
    now += 100;
    assert.deepEqual(await reader.reread(URL), { version: 1 });
    assert.deepEqual(await reader.read(URL), { version: 1 });
    now += 199;
    assert.deepEqual(await reader.read(URL), { version: 1 });
    now += 1;
    await assert.rejects(reader.read(URL), /down/);
    assert.equal(fetched.length, 3);
  });

  it('keeps 500 documents, and drops the one it has had longest', async () => {
    const urls = Array.from({ length: 501 }, (_, index) => `https://shop.example.com/${index}`);
    for (const url of urls) pages.set(url, { url });
    for (const url of urls) await reader.read(url);
    await reader.read(urls[1] ?? '');
    assert.equal(fetched.length, 501);
    await reader.read(urls[0] ?? '');
    assert.equal(fetched.length, 502);
  });

  it('asks no URL more than once in 30 seconds, and gives no document of more than five minutes, whatever happens', () => {
    const step = fc.tuple(fc.nat({ max: 90 }), fc.constantFrom('read', 'reread'), fc.boolean());
    return fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        let time = 0;
        const times: number[] = [];
        let isDown = false;
        const cached = cachedDocumentReader(
          async () => {
            times.push(time);
            if (isDown) throw new Error('down');
            return { time };
          },
          () => time,
        );
        for (const [seconds, method, down] of steps) {
          time += seconds;
          isDown = down;
          const document = await cached[method as 'read' | 'reread'](URL).catch(() => undefined);
          if (document) assert.ok(time - Number(document['time']) < 300);
        }
        assert.ok(times.every((at, index) => index === 0 || at - Number(times[index - 1]) >= 30));
      }),
    );
  });
});
