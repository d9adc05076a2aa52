import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { refuseUnreadable } from '../../cli/serve/unreadable-request.ts';

describe('a request that cannot be read', () => {
  for (const [code, status, error_description] of [
    ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout', 'the request took too long to arrive'],
    ['HPE_CHUNK_EXTENSIONS_OVERFLOW', '413 Payload Too Large', 'the extensions of a chunk are too long'],
    ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large', 'the header fields are too long'],
    ['HPE_INVALID_METHOD', '400 Bad Request', 'the request is no HTTP/1.1'],
    [undefined, '400 Bad Request', 'the request is no HTTP/1.1'],
  ] as const) {
    it(`gets its status, a JSON body and the end of the connection: ${code ?? 'any other fault'}`, async () => {
      const socket = new PassThrough();
      refuseUnreadable(fault(code), socket);
      const body = JSON.stringify({ error: 'invalid_request', error_description });
      const expected = [
        `HTTP/1.1 ${status}`,
        'Content-Type: application/json',
        'Cache-Control: no-store',
        'Pragma: no-cache',
        `Content-Length: ${body.length}`,
        'Connection: close',
        '',
        body,
      ];
      assert.equal(await text(socket), expected.join('\r\n'));
      assert.ok(socket.destroyed);
    });
  }

  it('gets no answer on a connection that is gone', async () => {
    const reset = new PassThrough();
    refuseUnreadable(fault('ECONNRESET'), reset);
    const ended = new PassThrough().end();
    refuseUnreadable(fault(undefined), ended);
    for (const socket of [reset, ended]) {
      if (!socket.closed) await once(socket, 'close');
      assert.equal(socket.read(), null);
    }
  });
});

/** As node emits it for a connection. */
function fault(code: string | undefined): NodeJS.ErrnoException {
  return Object.assign(new Error('no request'), code === undefined ? {} : { code });
}
