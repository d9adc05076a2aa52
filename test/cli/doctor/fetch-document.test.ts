import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { fetchDocument } from '../../../cli/doctor/fetch-document.ts';
import { freePort } from '../../support/free-port.ts';

/** What the server answers at each path. */
const ANSWERS: Readonly<Record<string, readonly [status: number, body: string, headers: object]>> = {
  '/good': [200, '{"keys":[]}', { Date: 'Fri, 15 Jan 2027 08:00:00 GMT' }],
  '/cached': [200, '{"keys":[]}', { Date: 'Fri, 15 Jan 2027 08:00:00 GMT', Age: '240' }],
  '/timeless': [200, '{"keys":[]}', {}],
  '/moved': [301, '', { Location: '/good' }],
  '/failing': [502, 'Bad Gateway', {}],
  '/page': [200, '<html>Sign in to use this network</html>', {}],
  '/list': [200, '[]', {}],
};

describe('signet doctor: a document of the issuer', () => {
  const server = createServer(({ url = '' }, response) => {
    const [status, body, headers] = ANSWERS[url] ?? [404, '', {}];
    response.sendDate = false;
    response.writeHead(status, { ...headers }).end(body);
  });
  let origin: string;
  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  for (const [path, answeredAt] of [
    ['/good', 1_800_000_000],
    ['/cached', 1_800_000_240],
    ['/timeless', undefined],
  ] as const) {
    it(`is fetched, with the time at which it was answered: ${path}`, async () => {
      assert.deepEqual(await fetchDocument(origin + path), { document: { keys: [] }, answeredAt });
    });
  }

  for (const [path, found] of [
    ['/moved', 'answers 301'],
    ['/failing', 'answers 502'],
    ['/nowhere', 'answers 404'],
    ['/page', 'answers no JSON object'],
    ['/list', 'answers no JSON object'],
  ] as const) {
    it(`cannot be had where its URL ${found}: ${path}`, async () => {
      const mend =
        'see that the name of the issuer leads to the API of the stack, and what its function logs: aws logs tail shows it';
      assert.deepEqual(await fetchDocument(origin + path), { found: `${origin}${path} ${found}`, mend });
    });
  }

  it('cannot be had where nobody listens', async () => {
    const url = `http://127.0.0.1:${await freePort()}/`;
    const fetched = await fetchDocument(url);
    assert.ok('found' in fetched);
    assert.equal(fetched.found, `${url} does not answer: connect ECONNREFUSED ${new URL(url).host}`);
  });
});
