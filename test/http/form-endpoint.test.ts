import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OAuthError } from '../../core/oauth-error.ts';
import type { OAuthRequest } from '../../core/oauth-request.ts';
import { formEndpoint } from '../../http/form-endpoint.ts';
import { httpApiEvent, type SentRequest } from '../support/api-gateway-events.ts';

const FORM = 'application/x-www-form-urlencoded';
const HEADERS = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', Pragma: 'no-cache' };

/** Sends a form to an endpoint that answers `{}`; tells the answer, and the request as the core had it. */
async function send(request: SentRequest, name: 'token' | 'introspection' | 'revocation' = 'token') {
  const requests: OAuthRequest[] = [];
  const handler = formEndpoint(
    name,
    async (received) => {
      requests.push(received);
      return {};
    },
    () => undefined,
  );
  const response = await handler(
    httpApiEvent({ method: 'POST', headers: { 'Content-Type': FORM }, ...request }),
  );
  return { response, requests };
}

async function assertRefused(request: SentRequest, error_description: string): Promise<void> {
  const { response, requests } = await send(request);
  assert.deepEqual(response, {
    statusCode: 400,
    headers: HEADERS,
    body: JSON.stringify({ error: 'invalid_request', error_description }),
  });
  assert.deepEqual(requests, []);
}

describe('formEndpoint', () => {
  it('hands the form, the Authorization header and the names of the query to the core', async () => {
    const { requests } = await send({
      headers: { 'Content-Type': FORM, Authorization: 'Basic YTpi' },
      query: 'trace=1',
      body: 'a=b+c&d=%C3%A9',
    });
    const [{ authorization, queryNames, parameters } = assert.fail()] = requests;
    assert.equal(authorization, 'Basic YTpi');
    assert.deepEqual([queryNames.size, queryNames.has('trace')], [1, true]);
    assert.equal(parameters.get('a'), 'b c');
    assert.equal(parameters.get('d'), 'é');
  });

  for (const [dpop, received] of [
    ['a.b.c', 'a.b.c'],
    [['a.b.c', 'd.e.f'], 'a.b.c,d.e.f'],
    ['', ''],
  ] as const) {
    it(`hands the DPoP header to the core as it came, more than one with commas between: ${received || 'empty'}`, async () => {
      const { requests } = await send({ headers: { 'Content-Type': FORM, DPoP: dpop }, body: '' });
      assert.equal(requests[0]?.dpop, received);
    });
  }

  it('sends the headers that the core decided, with an answer and with an error (RFC 9449 §8)', async () => {
    for (const outcome of [Promise.resolve({}), Promise.reject(new OAuthError('use_dpop_nonce', 'why'))]) {
      const handler = formEndpoint(
        'token',
        (_, __, headers) => {
          headers['DPoP-Nonce'] = '1.AAAA';
          return outcome;
        },
        () => undefined,
      );
      const { headers } = await handler(httpApiEvent({ method: 'POST', headers: { 'Content-Type': FORM } }));
      assert.deepEqual(headers, { ...HEADERS, 'DPoP-Nonce': '1.AAAA' });
    }
  });

  it('answers in JSON that no cache keeps (RFC 6749 §5.1)', async () => {
    const { response } = await send({ body: '' });
    assert.deepEqual(response, { statusCode: 200, headers: HEADERS, body: '{}' });
  });

  it('answers with an empty body where there is nothing to say (RFC 7009 §2.2)', async () => {
    const handler = formEndpoint(
      'revocation',
      async () => undefined,
      () => undefined,
    );
    const event = httpApiEvent({ method: 'POST', headers: { 'Content-Type': FORM } });
    assert.deepEqual(await handler(event), { statusCode: 200, headers: HEADERS, body: '' });
  });

  for (const contentType of [
    FORM,
    `${FORM};charset=UTF-8`,
    `${FORM} ; a=b`,
    'APPLICATION/X-WWW-FORM-URLENCODED',
  ]) {
    it(`takes a body of the type ${contentType}`, async () => {
      const { response } = await send({ headers: { 'Content-Type': contentType }, body: 'a=b' });
      assert.equal(response.statusCode, 200);
    });
  }

  for (const contentType of [
    'application/json',
    'multipart/form-data',
    `${FORM}x`,
    `text/plain, ${FORM}`,
    `x${FORM}`,
    '',
  ]) {
    it(`refuses a body of the type "${contentType}" (RFC 6749 §3.2)`, async () => {
      await assertRefused(
        { headers: { 'Content-Type': contentType }, body: 'a=b' },
        'the Content-Type is not application/x-www-form-urlencoded (RFC 6749 section 3.2)',
      );
    });
  }

  it('refuses a body of no type', async () => {
    await assertRefused(
      { headers: {}, body: 'a=b' },
      'the Content-Type is not application/x-www-form-urlencoded (RFC 6749 section 3.2)',
    );
  });

  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'post', '']) {
    it(`refuses the method "${method}", and says which it takes (RFC 9110 §15.5.6)`, async () => {
      const { response, requests } = await send({ method, body: 'a=b' });
      assert.deepEqual(response, {
        statusCode: 405,
        headers: { ...HEADERS, Allow: 'POST' },
        body: '{"error":"method_not_allowed","error_description":"this endpoint takes POST"}',
      });
      assert.deepEqual(requests, []);
    });
  }

  for (const bytes of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0x61, 0x3d, 0xc3]]) {
    it(`refuses a body with the bytes ${Buffer.from(bytes).toString('hex')}: they are not UTF-8`, async () => {
      await assertRefused({ body: Buffer.from(bytes) }, 'the body is not UTF-8 (RFC 6749 Appendix B)');
    });
  }

  it('takes a byte order mark for part of the first name, as it is', async () => {
    const { requests } = await send({ body: '\ufeffa=b' });
    assert.equal(requests[0]?.parameters.get('a'), undefined);
    assert.equal(requests[0]?.parameters.get('\ufeffa'), 'b');
  });

  for (const [name, bytes] of [
    ['token', 65_536],
    ['revocation', 65_536],
    ['introspection', 2_097_152],
  ] as const) {
    it(`takes ${bytes} bytes at the ${name} endpoint and no more`, async () => {
      const body = Buffer.alloc(bytes, 'a');
      assert.equal((await send({ body }, name)).response.statusCode, 200);
      const { response, requests } = await send({ body: Buffer.concat([body, body.subarray(0, 1)]) }, name);
      assert.equal(response.statusCode, 400);
      assert.deepEqual(JSON.parse(response.body), {
        error: 'invalid_request',
        error_description: `the body has more than ${bytes} bytes`,
      });
      assert.deepEqual(requests, []);
    });
  }

  it('refuses what parseForm refuses', async () => {
    await assertRefused(
      { body: 'a=%zz' },
      'the body has broken percent-encoding or is not UTF-8 (RFC 6749 Appendix B)',
    );
  });
});
