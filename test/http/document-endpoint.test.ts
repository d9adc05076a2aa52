import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { documentEndpoint } from '../../http/document-endpoint.ts';
import { notFound } from '../../http/not-found.ts';
import { httpApiEvent, type SentRequest } from '../support/api-gateway-events.ts';

const DOCUMENT = { issuer: 'https://auth.example.com', name: 'Zoë' };
const BODY = JSON.stringify(DOCUMENT);
const ETAG = `"${createHash('sha256').update(BODY).digest('base64url')}"`;
const CACHEABLE = {
  'Cache-Control': 'public, max-age=300',
  ETag: ETAG,
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'ETag',
};
const FOUND = { statusCode: 200, headers: { 'Content-Type': 'application/json', ...CACHEABLE }, body: BODY };
const NOT_MODIFIED = { statusCode: 304, headers: CACHEABLE, body: '' };

const UNCACHED = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', Pragma: 'no-cache' };

function get(request: SentRequest, load: () => object | Promise<object> = () => DOCUMENT) {
  return documentEndpoint('jwks', load, () => undefined)(httpApiEvent(request));
}

describe('documentEndpoint', () => {
  it('answers with the document, for anyone’s scripts and any cache, with a tag to ask after it (RFC 9110 §8.8.3)', async () => {
    assert.deepEqual(await get({}), FOUND);
    assert.deepEqual(await get({}, async () => DOCUMENT), FOUND);
  });

  it('answers HEAD as GET, without the document (RFC 9110 §9.3.2)', async () => {
    assert.deepEqual(await get({ method: 'HEAD' }), { ...FOUND, body: '' });
  });

  for (const [what, header] of [
    ['the tag', ETAG],
    ['the tag made weak by a cache that compresses', `W/${ETAG}`],
    ['the tag among others', `"a", W/"b" ,${ETAG}`],
    ['any tag', '*'],
  ] as const) {
    it(`answers that the document is not modified to who has ${what} (RFC 9110 §13.1.2)`, async () => {
      const headers = { 'If-None-Match': header };
      assert.deepEqual(await get({ headers }), NOT_MODIFIED);
      assert.deepEqual(await get({ method: 'HEAD', headers }), NOT_MODIFIED);
    });
  }

  for (const header of [
    '',
    '"a"',
    ETAG.slice(1, -1),
    ETAG.toUpperCase(),
    `w/${ETAG}`,
    `"${ETAG}"`,
    `${ETAG}x`,
  ]) {
    it(`answers with the document to who has ${header || 'an empty tag'}`, async () => {
      assert.deepEqual(await get({ headers: { 'If-None-Match': header } }), FOUND);
    });
  }

  it('has another tag for another document', async () => {
    const changed = await get({ headers: { 'If-None-Match': ETAG } }, () => ({ ...DOCUMENT, name: 'Zoe' }));
    assert.equal(changed.statusCode, 200);
    assert.notEqual(changed.headers['ETag'], ETAG);
  });

  it('tells a browser beforehand that it may ask (Fetch, CORS-preflight)', async () => {
    const load = () => assert.fail('a preflight needs no document');
    assert.deepEqual(await get({ method: 'OPTIONS' }, load), {
      statusCode: 204,
      headers: {
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Expose-Headers': 'ETag',
        'Access-Control-Allow-Methods': 'GET, HEAD',
        'Access-Control-Allow-Headers': '*',
        'Access-Control-Max-Age': '86400',
      },
      body: '',
    });
  });

  for (const method of ['POST', 'PUT', 'DELETE', 'get', 'TRACE']) {
    it(`refuses ${method}, and says which methods it takes (RFC 9110 §15.5.6)`, async () => {
      assert.deepEqual(await get({ method }), {
        statusCode: 405,
        headers: { ...UNCACHED, Allow: 'GET, HEAD, OPTIONS' },
        body: '{"error":"method_not_allowed","error_description":"this endpoint takes GET, HEAD, OPTIONS"}',
      });
    });
  }

  it('lets no cache keep the failure to load the document', async () => {
    const { statusCode, headers } = await get({}, () => Promise.reject(new Error('the table is gone')));
    assert.deepEqual({ statusCode, headers }, { statusCode: 500, headers: UNCACHED });
  });
});

describe('notFound', () => {
  it('answers any request that nothing is there, and where what there is is listed', async () => {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      assert.deepEqual(await notFound(() => undefined)(httpApiEvent({ method, path: '/authorize' })), {
        statusCode: 404,
        headers: UNCACHED,
        body: JSON.stringify({
          error: 'not_found',
          error_description:
            'no endpoint is here: the metadata at /.well-known/oauth-authorization-server lists them',
        }),
      });
    }
  });
});
