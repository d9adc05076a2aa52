import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toHttpRequest } from '../../http/api-gateway.ts';
import { httpApiEvent, REQUEST_ID, restApiEvent, SOURCE_IP } from '../support/api-gateway-events.ts';
import { EVENTS } from '../support/in-memory-endpoints.ts';

for (const [api, toEvent] of Object.entries(EVENTS)) {
  describe(`toHttpRequest from an event of a ${api}`, () => {
    it('reads method, headers, query, body and where the request came from', () => {
      const event = toEvent({
        method: 'POST',
        path: '/token',
        query: 'a=1&b=%26&a=2&c',
        headers: { Authorization: 'Basic YTpi', 'X-Twice': ['1', '2'] },
        body: 'scope=Zoë',
      });
      assert.deepEqual(toHttpRequest(event), {
        method: 'POST',
        headers: { authorization: 'Basic YTpi', 'x-twice': '1,2' },
        query: new Map([
          ['a', ['1', '2']],
          ['b', ['&']],
          ['c', ['']],
        ]),
        body: Buffer.from('scope=Zoë'),
        requestId: REQUEST_ID,
        sourceIp: SOURCE_IP,
        clientCertificate: undefined,
      });
    });

    it('reads a request that has neither query, nor headers, nor body', () => {
      const { headers, query, body } = toHttpRequest(toEvent({}));
      assert.deepEqual({ headers, query, body }, { headers: {}, query: new Map(), body: Buffer.alloc(0) });
    });

    it('reads a body in base64 as a body that is plain', () => {
      const event = toEvent({ method: 'POST' });
      const text = 'a=%2B+é';
      const plain = toHttpRequest({ ...event, body: text, isBase64Encoded: false });
      const base64 = toHttpRequest({
        ...event,
        body: Buffer.from(text).toString('base64'),
        isBase64Encoded: true,
      });
      assert.deepEqual(plain.body, Buffer.from(text));
      assert.deepEqual(base64, plain);
    });

    it('knows where a request came from by its connection, whatever a header says', () => {
      const headers = {
        'X-Forwarded-For': '198.51.100.7',
        Forwarded: 'for=198.51.100.7',
        'X-Real-IP': '198.51.100.7',
      };
      assert.equal(toHttpRequest(toEvent({ headers })).sourceIp, SOURCE_IP);
    });

    it('keeps bytes that are no text as they came', () => {
      const bytes = Buffer.from([0x61, 0x3d, 0xff, 0x00]);
      const event = { ...toEvent({ method: 'POST' }), body: bytes.toString('base64'), isBase64Encoded: true };
      assert.deepEqual(toHttpRequest(event).body, bytes);
    });
  });
}

describe('toHttpRequest from an event of a REST API', () => {
  it('joins the headers of one name, in whatever case each was sent', () => {
    const headers = { Authorization: 'Basic YTpi', authorization: ['Basic YTpj', 'Basic YTpk'] };
    assert.deepEqual(toHttpRequest(restApiEvent({ headers })).headers, {
      authorization: 'Basic YTpi,Basic YTpj,Basic YTpk',
    });
  });

  it('takes null for no headers and no query, as the console of API Gateway sends it', () => {
    const nothing = JSON.parse('{ "multiValueHeaders": null, "multiValueQueryStringParameters": null }');
    const { headers, query } = toHttpRequest({ ...restApiEvent({ query: 'a=b' }), ...nothing });
    assert.deepEqual({ headers, query }, { headers: {}, query: new Map() });
  });

  it('takes a parameter without a list of values for one without a value', () => {
    const event = { ...restApiEvent({}), multiValueQueryStringParameters: { a: undefined } };
    assert.deepEqual(toHttpRequest(event).query, new Map([['a', []]]));
  });

  it('knows the request by the id that the caller cannot choose', () => {
    const event = restApiEvent({});
    const requestContext = { ...event.requestContext, requestId: 'chosen by the caller' };
    assert.equal(toHttpRequest({ ...event, requestContext }).requestId, REQUEST_ID);
  });
});

describe('toHttpRequest from an event of an HTTP API', () => {
  it('reads the query decoded, each name once', () => {
    const { query } = toHttpRequest(
      httpApiEvent({ query: 'client%5Fsecret=a&client_secret=b&+=c&__proto__' }),
    );
    assert.deepEqual(
      query,
      new Map([
        ['client_secret', ['a', 'b']],
        [' ', ['c']],
        ['__proto__', ['']],
      ]),
    );
  });
});
