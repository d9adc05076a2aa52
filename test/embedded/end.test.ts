import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type EmbeddedIssuer, startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { basic } from '../support/oauth-request.ts';
import { connectTo, readResponses } from '../support/raw-http.ts';

const BODY = 'grant_type=client_credentials';

describe('the end of an embedded issuer', () => {
  let embedded: EmbeddedIssuer;
  beforeEach(async () => {
    embedded = await startEmbeddedIssuer();
  });
  afterEach(() => embedded?.stop());

  const head = () => {
    assert.ok(embedded.client);
    const { client_id, client_secret } = embedded.client;
    return `POST /token HTTP/1.1\r\nHost: a\r\nAuthorization: ${basic(client_id, client_secret)}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${BODY.length}\r\n\r\n`;
  };

  /** Sends the first part of a request, and waits until the server is at work on it. */
  const begin = async (text: string): Promise<Socket> => {
    const socket = connectTo(embedded.url);
    await once(socket, 'connect');
    socket.write(text);
    // What the server has answered after it, it has read after it.
    await fetch(`${embedded.url}/.well-known/jwks.json`);
    return socket;
  };

  /** Waits until it takes no new connections. */
  const untilEnding = async () => {
    for (;;) {
      const socket = connectTo(embedded.url).resume();
      const refused = await once(socket, 'connect').then(
        () => false,
        () => true,
      );
      socket.destroy();
      if (refused) return;
    }
  };

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`answers the request under way after ${signal}, none after it, and ends with 0`, async () => {
      const socket = await begin(head() + BODY.slice(0, 5));
      const ended = embedded.end(signal);
      await untilEnding();
      socket.write(`${BODY.slice(5)}GET /.well-known/jwks.json HTTP/1.1\r\nHost: a\r\n\r\n`);
      const [response, ...others] = await readResponses(socket);
      assert.deepEqual([response?.status, response?.headers['connection'], others], [200, 'close', []]);
      assert.equal(await ended, 0);
    });
  }

  it('takes signals within a moment for one, as npm sends two for a Ctrl-C', async () => {
    const socket = await begin(head() + BODY.slice(0, 5));
    for (let count = 0; count < 50; count += 1) {
      embedded.process.kill('SIGINT');
      await setImmediate();
    }
    const ended = embedded.end();
    await untilEnding();
    socket.write(BODY.slice(5));
    assert.equal((await readResponses(socket))[0]?.status, 200);
    assert.equal(await ended, 0);
  });

  it('ends at once on a second signal', async () => {
    const socket = await begin(head());
    embedded.process.kill('SIGINT');
    await untilEnding();
    const again = setInterval(() => embedded.process.kill('SIGINT'), 50);
    const responses = await readResponses(socket);
    clearInterval(again);
    assert.equal(await embedded.end(), null);
    assert.deepEqual([embedded.process.signalCode, responses], ['SIGINT', []]);
  });

  for (const [what, text] of [
    ['says nothing', ''],
    ['stays open between two requests', 'GET /.well-known/jwks.json HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['stops within the header', 'POST /token HTTP/1.1\r\nHo'],
    [
      'stops within the body',
      `POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: ${BODY.length}\r\n\r\ngrant`,
    ],
  ] as const) {
    it(`does not wait for a connection that ${what}`, async () => {
      const socket = await begin(text);
      const responses = readResponses(socket);
      assert.equal(await embedded.end(), 0);
      assert.ok((await responses).length <= 1);
    });
  }
});
