import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { type EmbeddedIssuer, startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { basic } from '../support/oauth-request.ts';
import { connectTo, type RawResponse, readResponses, sendRaw } from '../support/raw-http.ts';

const FORM = 'application/x-www-form-urlencoded';
const TOKEN_BODY = 'grant_type=client_credentials';

/** What no request that can be read looks like. */
const UNREADABLE: Readonly<Record<string, string | Uint8Array>> = {
  'no HTTP at all': 'hello\r\n\r\n',
  'HTTP/2 with prior knowledge': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'the beginning of TLS': Buffer.from('16030100a5010000a10303', 'hex'),
  'an unknown version': 'GET / HTTP/9.9\r\nHost: a\r\n\r\n',
  'an unknown method': 'BREW /token HTTP/1.1\r\nHost: a\r\n\r\n',
  'two lengths (RFC 9112 §6.3)':
    'POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
  'a length and chunks (RFC 9112 §6.1)':
    'POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'a length that is none': 'POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
  'a space before the colon (RFC 9112 §5.1)': 'GET / HTTP/1.1\r\nHost : a\r\n\r\n',
  'NUL in a header': 'GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n',
  'a chunk without a size': 'POST /token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
};

describe('the embedded issuer over HTTP', () => {
  let issuer: EmbeddedIssuer;
  let authorization: string;
  before(async () => {
    issuer = await startEmbeddedIssuer();
    assert.ok(issuer.client);
    authorization = basic(issuer.client.client_id, issuer.client.client_secret);
  });
  after(() => issuer?.stop());
  afterEach(async () => {
    assertToken(await one(tokenRequest()));
  });

  const tokenRequest = ({
    line = 'POST /token HTTP/1.1',
    headers = ['Host: a', 'Connection: close'],
    body = TOKEN_BODY,
  } = {}) =>
    [
      line,
      ...headers,
      `Authorization: ${authorization}`,
      `Content-Type: ${FORM}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');

  /** Sends one request and reads the one response that it gets. */
  const one = async (request: string | Uint8Array): Promise<RawResponse> => {
    const [response, ...others] = await sendRaw(issuer.issuer, request);
    assert.ok(response);
    assert.deepEqual(others, []);
    return response;
  };

  for (const target of [
    '//token',
    '/token/',
    '/%74oken',
    '/./token',
    '/x/../token',
    '/TOKEN',
    '/token;a=b',
    '/token%00',
    '/token#a',
    '/constructor',
    '/__proto__',
    'http://a',
  ]) {
    it(`knows a path by its one spelling only: ${target}`, async () => {
      assertRefused(
        await one(tokenRequest({ line: `POST ${target} HTTP/1.1` })),
        404,
        'not_found',
        NOT_FOUND,
      );
    });
  }

  it('answers OPTIONS * as any path that is not there', async () => {
    const response = await one('OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    assertRefused(response, 404, 'not_found', NOT_FOUND);
  });

  for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    it(`takes no ${method} at the token endpoint (RFC 6749 §3.2)`, async () => {
      const response = await one(tokenRequest({ line: `${method} /token HTTP/1.1` }));
      assertRefused(response, 405, 'method_not_allowed', 'this endpoint takes POST');
      assert.equal(response.headers['allow'], 'POST');
    });
  }

  it('answers HEAD without a body (RFC 9110 §9.3.2)', async () => {
    const { status, headers, body } = await one(
      'HEAD /token HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    assert.deepEqual([status, headers['allow'], body], [405, 'POST', '']);
  });

  it('tells the length of its content, where an answer has any (RFC 9110 §8.6)', async () => {
    const lengthOf = async (line: string, ...headers: readonly string[]) => {
      const response = await one([line, 'Host: a', 'Connection: close', ...headers, '', ''].join('\r\n'));
      assert.equal(response.headers['transfer-encoding'], undefined);
      return [response.status, response.headers['content-length'], response.body.length] as const;
    };
    const [status, length, received] = await lengthOf('GET /.well-known/jwks.json HTTP/1.1');
    assert.deepEqual([status, length], [200, String(received)]);
    const anyTag = 'If-None-Match: *';
    assert.deepEqual(await lengthOf('GET /.well-known/jwks.json HTTP/1.1', anyTag), [304, undefined, 0]);
    assert.deepEqual(await lengthOf('OPTIONS /.well-known/jwks.json HTTP/1.1'), [204, undefined, 0]);
    const revocation = tokenRequest({ line: 'POST /revoke HTTP/1.1', body: 'token=unknown' });
    assert.equal((await one(revocation)).headers['content-length'], '0');
  });

  it('takes a request target with an authority in it (RFC 9112 §3.2.2)', async () => {
    for (const target of ['http://elsewhere.example/token', 'HTTPS://elsewhere.example:1/token?x=y'])
      assertToken(await one(tokenRequest({ line: `POST ${target} HTTP/1.1` })));
  });

  it('is itself in its documents, and its caller in its log, whatever the headers say', async () => {
    const path = '/.well-known/oauth-authorization-server';
    const elsewhere = 'elsewhere.example';
    const forwarded = [
      `X-Forwarded-Host: ${elsewhere}`,
      'X-Forwarded-For: 198.51.100.7',
      `Forwarded: for=198.51.100.7;host=${elsewhere}`,
    ];
    const { status, body } = await one(
      [`GET ${path} HTTP/1.1`, `Host: ${elsewhere}`, ...forwarded, 'Connection: close', '', ''].join('\r\n'),
    );
    assert.deepEqual(
      [status, JSON.parse(body).issuer, body.includes(elsewhere)],
      [200, issuer.issuer, false],
    );
    const lines = issuer.log().trimEnd().split('\n');
    assert.equal(JSON.parse(lines.at(-1) ?? '').source_ip, '127.0.0.1');
  });

  it('answers HTTP/1.0, with or without a Host, and closes the connection', async () => {
    for (const headers of [[], ['Host: a']])
      assertToken(await one(tokenRequest({ line: 'POST /token HTTP/1.0', headers })));
  });

  it('refuses HTTP/1.1 without a Host (RFC 9112 §3.2)', async () => {
    const response = await one(tokenRequest({ headers: ['Connection: close'] }));
    assertRefused(response, 400, 'invalid_request', 'the request has no Host (RFC 9112 section 3.2)');
  });

  it('answers several requests on one connection in their order (RFC 9112 §9.3.2)', async () => {
    const requests = [
      tokenRequest({ headers: ['Host: a'] }),
      'GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n',
      tokenRequest({ headers: ['Host: a'], body: 'grant_type=password' }),
      tokenRequest(),
    ];
    const responses = await sendRaw(issuer.issuer, requests.join(''));
    assert.deepEqual(
      responses.map(({ status, headers }) => [status, headers['connection']]),
      [
        [200, 'keep-alive'],
        [404, 'keep-alive'],
        [400, 'keep-alive'],
        [200, 'close'],
      ],
    );
  });

  it('asks for the body of a client that waits for that (RFC 9110 §10.1.1)', async () => {
    const headers = ['Host: a', 'Connection: close', 'Expect: 100-continue'];
    const [interim, response] = await sendRaw(issuer.issuer, tokenRequest({ headers }));
    assert.deepEqual(interim, { status: 100, headers: {}, body: '' });
    assertToken(response);
  });

  it('lets no other expectation keep it from answering', async () => {
    assertToken(await one(tokenRequest({ headers: ['Host: a', 'Connection: close', 'Expect: tea'] })));
  });

  it('stays with HTTP/1.1 when it is offered another protocol (RFC 9110 §7.8)', async () => {
    const headers = ['Host: a', 'Connection: close, Upgrade', 'Upgrade: h2c'];
    assertToken(await one(tokenRequest({ headers })));
  });

  for (const [path, maxBytes] of [
    ['/token', 65_536],
    ['/revoke', 65_536],
    ['/introspect', 2_097_152],
  ] as const) {
    it(`takes a body of ${maxBytes} bytes at ${path}, and refuses one byte more`, async () => {
      const body = (length: number) => `${TOKEN_BODY}&token=`.padEnd(length, 'x');
      const line = `POST ${path} HTTP/1.1`;
      assert.equal((await one(tokenRequest({ line, body: body(maxBytes) }))).status, 200);
      const refused = await one(tokenRequest({ line, body: body(maxBytes + 1) }));
      assertRefused(refused, 400, 'invalid_request', `the body has more than ${maxBytes} bytes`);
    });
  }

  it('refuses a body that never ends, and closes the connection', async () => {
    const socket = connectTo(issuer.issuer);
    const chunk = `8000\r\n${'x'.repeat(0x8000)}\r\n`;
    const flood = () => {
      while (socket.write(chunk));
    };
    socket.on('drain', flood);
    const head = `POST /token HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\nContent-Type: ${FORM}`;
    socket.write(`${head}\r\nTransfer-Encoding: chunked\r\n\r\n`);
    flood();
    const [response] = await readResponses(socket);
    assertRefused(response, 400, 'invalid_request', 'the body has more than 65536 bytes');
    assert.equal(response.headers['connection'], 'close');
  });

  it('refuses header fields that are too long (RFC 6585 §5)', async () => {
    const response = await one(`GET /token HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    assertRefused(response, 431, 'invalid_request', 'the header fields are too long');
    assert.equal(response.headers['connection'], 'close');
  });

  for (const [name, bytes] of Object.entries(UNREADABLE)) {
    it(`refuses what is no request: ${name}`, async () => {
      const response = await one(bytes);
      assertRefused(response, 400, 'invalid_request', 'the request is no HTTP/1.1');
      assert.equal(response.headers['connection'], 'close');
    });
  }

  it('does not mind connections that break off', async () => {
    for (const beginning of ['', 'POST', 'POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc']) {
      const socket = connectTo(issuer.issuer);
      await new Promise((resolve) => socket.write(beginning, resolve));
      socket.resetAndDestroy();
    }
  });

  it('has logged each request with one line of JSON and no secret', async () => {
    assert.ok(issuer.client);
    const { client_secret } = issuer.client;
    const lines = issuer.log().trimEnd().split('\n');
    const ids = lines.map((line) => JSON.parse(line).request_id);
    for (const id of ids) assert.match(id, /^[0-9a-f]{12}-\d+$/);
    assert.equal(new Set(ids).size, lines.length);
    assert.ok(!issuer.log().includes(client_secret) && !issuer.log().includes(authorization));
  });
});

const NOT_FOUND = 'no endpoint is here: the metadata at /.well-known/oauth-authorization-server lists them';

function assertToken(response: RawResponse | undefined): asserts response {
  assert.ok(response);
  assert.deepEqual([response.status, response.headers['cache-control']], [200, 'no-store'], response.body);
  const { access_token, ...rest } = JSON.parse(response.body);
  assert.match(access_token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
  assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 3600, scope: 'read write' });
}

function assertRefused(
  response: RawResponse | undefined,
  status: number,
  error: string,
  error_description: string,
): asserts response {
  assert.ok(response);
  const { 'content-type': type, 'cache-control': cache } = response.headers;
  assert.deepEqual([response.status, type, cache], [status, 'application/json', 'no-store'], response.body);
  assert.deepEqual(JSON.parse(response.body), { error, error_description });
}
