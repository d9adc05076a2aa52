import assert from 'node:assert/strict';
import type { lookup } from 'node:dns';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { fetchJson } from '../../adapters/https/fetch-json.ts';
import { isPublicAddress } from '../../adapters/https/public-address.ts';
import { type Answer, type HttpsSite, makeCa, startHttpsSite } from '../support/https-site.ts';

const DOCUMENT = { keys: [], 'a name': 'Zoë' };
const PUBLIC = '93.184.215.14';

/** Resolves every name to these addresses. */
const resolvingTo = (...addresses: readonly string[]) =>
  ((_name: string, _options: object, callback: (error: null, found: object[]) => void) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as unknown as typeof lookup;

describe('a document that is fetched', () => {
  const trusted = getCACertificates();
  const ca = makeCa();
  let site: HttpsSite;

  before(async () => {
    setDefaultCACertificates([...trusted, ca.cert]);
    site = await startHttpsSite(ca);
    site.pages.set('/good', DOCUMENT);
  });
  after(async () => {
    setDefaultCACertificates(trusted);
    await site?.stop();
  });

  const fetchPage = (path: string, options: object = {}) =>
    fetchJson(site.url + path, { privateHosts: new Set(['localhost']), ...options });
  const refuses = (fetched: Promise<unknown>, why: RegExp) =>
    assert.rejects(fetched, { name: 'DocumentUnavailableError', message: why });

  it('is had from a host that the operator named, by TLS', async () => {
    assert.deepEqual(await fetchPage('/good'), DOCUMENT);
    const privateHosts = new Set(['127.0.0.1']);
    assert.deepEqual(await fetchJson(`https://127.0.0.1:${site.port}/good`, { privateHosts }), DOCUMENT);
  });

  describe('is not had, and nobody is asked,', () => {
    before(() => site.requests.splice(0));
    after(() => assert.deepEqual(site.requests, []));

    for (const host of [
      ...['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]'],
      ...['169.254.169.254', '[fd00:ec2::254]', '[fe80::a9fe:a9fe]', '100.100.100.200', '168.63.129.16'],
      ...['0.0.0.0', '[::]', '10.0.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '192.0.0.192'],
      ...['255.255.255.255', '224.0.0.1', '[ff02::1]', '[fc00::1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]'],
      ...['[2001:0:7f00:1::]', '2130706433', '0x7f000001', '0177.0.0.1', '127.1', '0', '127.0.0.1.'],
      ...['１２７.０.０.１', '①②⑦.0.0.1', '%31%32%37.0.0.1'],
    ]) {
      it(`from an address that is not public: ${host}`, () =>
        refuses(
          fetchJson(`https://${host}:${site.port}/good`, { privateHosts: new Set() }),
          /: its address [\d.:a-f]+ is not public$/,
        ));
    }

    for (const [addresses, why] of [
      [['127.0.0.1'], /: its address 127\.0\.0\.1 is not public$/],
      [[PUBLIC, '169.254.169.254'], /: its address 169\.254\.169\.254 is not public$/],
      [['::ffff:10.0.0.1'], /: its address ::ffff:10\.0\.0\.1 is not public$/],
      [['fe80::1%lo'], /: its address fe80::1%lo is not public$/],
      [['no address'], /: its address no address is not public$/],
      [[], /: it has no address$/],
    ] as const) {
      it(`from a name that is resolved to ${addresses.join(', ') || 'nothing'}`, () =>
        refuses(
          fetchJson(`https://rebound.example:${site.port}/good`, {
            privateHosts: new Set(['localhost']),
            resolve: resolvingTo(...addresses),
          }),
          why,
        ));
    }

    for (const host of ['localhost', 'LOCALHOST']) {
      it(`from ${host} by its own name, unless the operator named it so`, () =>
        refuses(
          fetchJson(`https://${host}:${site.port}/good`, { privateHosts: new Set(['localhost.example']) }),
          /: its address (127\.0\.0\.1|::1) is not public$/,
        ));
    }

    for (const [url, why] of [
      ['http://localhost/good', /: it is no https URL$/],
      ['file:///etc/passwd', /: it is no https URL$/],
      ['data:application/json,{}', /: it is no https URL$/],
      ['https://localhost@127.0.0.1/good', /: it has a user in it$/],
      ['https://:secret@localhost/good', /: it has a user in it$/],
      ['https://', /: it cannot be fetched \(ERR_INVALID_URL\)$/],
      ['not a URL', /: it cannot be fetched \(ERR_INVALID_URL\)$/],
    ] as const) {
      it(`at ${url}`, () => refuses(fetchJson(url, { privateHosts: new Set(['localhost']) }), why));
    }
  });

  it('is not had by a name that leads elsewhere the second time: it is looked up once, for the connection itself', async () => {
    const looked: string[] = [];
    const rebinding = ((name: string, options: object, callback: (error: null, found: object[]) => void) => {
      looked.push(name);
      resolvingTo(looked.length === 1 ? '127.0.0.1' : PUBLIC)(name, options as never, callback as never);
    }) as unknown as typeof lookup;
    const fetched = fetchJson(`https://rebound.example:${site.port}/good`, {
      privateHosts: new Set(),
      resolve: rebinding,
    });
    await refuses(fetched, /its address 127\.0\.0\.1 is not public$/);
    assert.deepEqual(looked, ['rebound.example']);
  });

  it('is not had from a host whose certificate is for another, or of a CA that is not trusted', async () => {
    const [other, foreign] = await Promise.all([
      startHttpsSite(ca, 'other.example'),
      startHttpsSite(makeCa('Foreign CA')),
    ]);
    try {
      const privateHosts = new Set(['localhost']);
      const at = ({ port }: HttpsSite) => fetchJson(`https://localhost:${port}/`, { privateHosts });
      await refuses(at(other), /: it cannot be fetched \(ERR_TLS_CERT_ALTNAME_INVALID\)$/);
      const environment = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
      try {
        await refuses(at(foreign), /: it cannot be fetched \((UNABLE_TO|SELF_SIGNED)\w+\)$/);
      } finally {
        if (environment === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
        else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = environment;
      }
    } finally {
      await Promise.all([other.stop(), foreign.stop()]);
    }
  });

  const head = (status: number, headers: Readonly<Record<string, string>> = {}) =>
    ((_, response) => response.writeHead(status, headers).end('{}')) as Answer;
  const text = (body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) =>
    ((_, response) => response.writeHead(200, headers).end(body)) as Answer;
  const endless = (response: ServerResponse) => {
    while (!response.destroyed && response.write(' '.repeat(16_384)));
    response.once('drain', () => endless(response));
  };
  for (const [what, answer, why] of [
    ['a redirect to a private address', head(302, { Location: 'https://169.254.169.254/' }), /answered 302$/],
    ['a redirect to itself', head(301, { Location: '/good' }), /answered 301$/],
    ['a redirect that keeps the method', head(308, { Location: '/good' }), /answered 308$/],
    ['no such page', head(404), /answered 404$/],
    ['an error', head(500), /answered 500$/],
    ['another success', head(203), /answered 203$/],
    [
      'a page for people',
      text('<html>{"keys":[]}</html>', { 'Content-Type': 'text/html' }),
      /no JSON object$/,
    ],
    ['nothing', text(''), /no JSON object$/],
    ['a list', text('[]'), /no JSON object$/],
    ['null', text('null'), /no JSON object$/],
    ['a text', text('"keys"'), /no JSON object$/],
    ['half of JSON', text('{"keys":['), /no JSON object$/],
    ['JSON that is too deep to end', text('{"a":'.repeat(12_000)), /no JSON object$/],
    ['what is not UTF-8', text(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), /no JSON object$/],
    ['UTF-16', text(Buffer.from('{}', 'utf16le')), /no JSON object$/],
    [
      'a coding that was not asked for',
      text(Buffer.from([0x1f, 0x8b, 8, 0]), { 'Content-Encoding': 'gzip' }),
      /JSON/,
    ],
    ['one byte too many', text(`{"a":"${'x'.repeat(65_529)}"}`), /more than 65536 bytes$/],
    ['a body that never ends', ((_, response) => endless(response)) as Answer, /more than 65536 bytes$/],
    ['a length that is not so', text('{}', { 'Content-Length': '3' }), /cannot be fetched \(ECONNRESET\)$/],
    ['a header that is too long', head(200, { 'X-Long': 'x'.repeat(20_000) }), /\(HPE_HEADER_OVERFLOW\)$/],
  ] as const) {
    it(`is not had where the answer is ${what}`, async () => {
      site.pages.set('/bad', answer);
      await refuses(fetchPage('/bad'), why);
    });
  }

  it('has 65,536 bytes at most', async () => {
    site.pages.set('/long', text(`{"a":"${'x'.repeat(65_528)}"}`));
    assert.equal(Object(await fetchPage('/long')).a.length, 65_528);
  });

  it('is whatever JSON object there is, also a deep one, and one with names of JavaScript', async () => {
    const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
    site.pages.set('/deep', text(deep));
    let depth = 0;
    for (let inner = Object(await fetchPage('/deep')); inner !== 1; inner = inner.a) depth += 1;
    assert.equal(depth, 5_000);
    site.pages.set('/proto', text('{"__proto__":{"keys":[]}}'));
    assert.equal('keys' in (await fetchPage('/proto')), false);
  });

  it('has the last of two members of one name (RFC 7517 §4, §5)', async () => {
    site.pages.set('/twice', text('{"keys":[],"keys":[{"kty":"RSA","kty":"EC"}]}'));
    assert.deepEqual(await fetchPage('/twice'), { keys: [{ kty: 'EC' }] });
  });

  for (const [what, answer] of [
    ['an answer that does not come', () => {}],
    ['an answer that does not end', (_: unknown, response: ServerResponse) => response.write('{')],
    [
      'an answer that comes byte by byte',
      (_: unknown, response: ServerResponse) => {
        const timer = setInterval(() => response.write(' '), 5);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ] as const) {
    it(`is not waited for beyond its time: ${what}`, async () => {
      site.pages.set('/slow', answer as Answer);
      await refuses(fetchPage('/slow', { timeoutMilliseconds: 100 }), /: it took too long$/);
    });
  }

  it('is not waited for beyond its time: a name that is not resolved, a handshake that is not answered', async () => {
    const never = (() => {}) as unknown as typeof lookup;
    const options = { privateHosts: new Set(['localhost']), timeoutMilliseconds: 100 };
    await refuses(fetchJson('https://never.example/', { ...options, resolve: never }), /: it took too long$/);
    const sockets = new Set<{ destroy(): void }>();
    const silent = createServer((socket) => sockets.add(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = Object(silent.address());
      await refuses(fetchJson(`https://localhost:${port}/`, options), /: it took too long$/);
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  });
});

describe('an address', () => {
  for (const address of ['8.8.8.8', '93.184.215.14', '2606:4700::1111', '2a00:1450::1', '223.255.255.255']) {
    it(`is public: ${address}`, () => assert.equal(isPublicAddress(address), true));
  }
});
