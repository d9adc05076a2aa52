import assert from 'node:assert/strict';
import { it } from 'node:test';
import { assertAnswer } from './answers.ts';
import { type Front, handsOnOptions } from './target.ts';
import type { Wire, WireRequest } from './wire.ts';

/** Anyone may read a public document, scripts in browsers too (Fetch, CORS protocol). */
const CORS = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'ETag' };

/** Asserts a whole public document, which caches may keep for five minutes, and tells its entity tag. */
export async function assertDocument(wire: Wire, url: string, body: unknown): Promise<string> {
  const answer = await wire.send(url);
  const etag = answer.headers['etag'] ?? 'none';
  assertAnswer(answer, { status: 200, headers: headersOf(etag), body });
  assert.match(etag, /^"[\w-]{43}"$/);
  return etag;
}

function headersOf(etag: string): Readonly<Record<string, string>> {
  return { 'cache-control': 'public, max-age=300', etag, ...CORS };
}

/** How a public document is served: the methods and conditions of HTTP (RFC 9110 §9.3, §13). */
export function itIsPublicDocument(
  document: () => { readonly wire: Wire; readonly url: string },
  front: Front,
): void {
  const send = (request: WireRequest, query = '') => {
    const { wire, url } = document();
    return wire.send(url + (url.includes('?') ? query.replace('?', '&') : query), request);
  };
  const get = (headers = {}, query = '') => send({ headers }, query);
  const etagNow = async () => (await get()).headers['etag'] ?? 'none';

  for (const [what, before, after] of [
    ['its entity tag', '', ''],
    ['its entity tag as a weak one', 'W/', ''],
    ['a list with its entity tag in it', '"other", ', ', W/"another"'],
  ] as const) {
    it(`answers 304 without a body to If-None-Match of ${what} (RFC 9110 §13.1.2, §15.4.5)`, async () => {
      const etag = await etagNow();
      const answer = await get({ 'If-None-Match': before + etag + after });
      assertAnswer(answer, { status: 304, headers: headersOf(etag) });
    });
  }

  it('answers 304 without a body to If-None-Match of any entity tag (RFC 9110 §13.1.2)', async () => {
    const answer = await get({ 'If-None-Match': '*' });
    assertAnswer(answer, { status: 304, headers: headersOf(await etagNow()) });
  });

  it('answers in full to If-None-Match of another entity tag (RFC 9110 §13.1.2)', async () => {
    const full = await get();
    assert.equal(full.status, 200);
    assert.deepEqual(await get({ 'If-None-Match': '"other"' }), full);
  });

  it('is the same whatever the query and the credentials', async () => {
    const headers = { Authorization: 'Bearer a-token-for-another-server', Origin: 'https://app.example.com' };
    assert.deepEqual(await get(headers, '?client_secret=a-secret-in-a-query-string'), await get());
  });

  it('answers HEAD as GET, without the body (RFC 9110 §9.3.2)', async () => {
    const { status, headers } = await get();
    assert.deepEqual(await send({ method: 'HEAD' }), { status, headers, text: '' });
  });

  if (!handsOnOptions(front)) return;
  it('answers OPTIONS as a CORS preflight that allows to read (Fetch, CORS protocol)', async () => {
    const headers = { Origin: 'https://app.example.com', 'Access-Control-Request-Method': 'GET' };
    const answer = await send({ method: 'OPTIONS', headers });
    const allowed = {
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': '*',
      'access-control-max-age': '86400',
    };
    assertAnswer(answer, { status: 204, headers: { ...CORS, ...allowed } });
  });
}
