import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, afterEach, before, describe, it } from 'node:test';
import { lambdaTokenHook } from '../../adapters/lambda/token-hook.ts';
import { DECISION } from '../ports/token-hook.ts';
import { freePort } from '../support/free-port.ts';
import { type LambdaStub, startLambdaStub } from '../support/lambda-stub.ts';

const ARN = 'arn:aws:lambda:eu-central-1:000000000000:function:hook:live';
const PATH =
  '/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-central-1%3A000000000000%3Afunction%3Ahook%3Alive/invocations';

describe('a hook that is a Lambda', () => {
  let stub: LambdaStub;
  let answer: (response: ServerResponse, payload: string) => void;
  /** Each on a connection of its own, but for the test that is of those. */
  const answerAll = () => {
    answer = (response, payload) => response.setHeader('Connection', 'close').end(payload);
  };

  before(async () => {
    stub = await startLambdaStub(
      () => ({}),
      (response, payload) => answer(response, payload),
    );
    process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
    answerAll();
  });
  afterEach(() => {
    answerAll();
    stub.requests.length = 0;
    for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_LAMBDA', 'AWS_SESSION_TOKEN']) {
      delete process.env[name];
    }
  });
  after(() => stub?.stop());

  const open = (timeoutMilliseconds?: number) => {
    process.env['AWS_ENDPOINT_URL'] = stub.endpoint;
    return lambdaTokenHook(ARN, timeoutMilliseconds);
  };

  it('is invoked by its ARN, and waited for, in a request that the role signs for its region (SigV4)', async () => {
    process.env['AWS_SESSION_TOKEN'] = 'a session';
    assert.equal(await open().ask(DECISION), '{}');
    const [request] = stub.requests;
    assert.ok(request);
    const { method, url, headers } = request;
    assert.deepEqual([method, url], ['POST', PATH]);
    assert.equal(headers['x-amz-invocation-type'], 'RequestResponse');
    assert.equal(headers['x-amz-security-token'], 'a session');
    assert.match(
      headers.authorization ?? '',
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/lambda\/aws4_request, SignedHeaders=.*host.*x-amz-security-token, Signature=[0-9a-f]{64}$/,
    );
    assert.equal(signatureIn(request), signatureOf(request, JSON.stringify(DECISION)));
  });

  it('is found where AWS_ENDPOINT_URL_LAMBDA says, before AWS_ENDPOINT_URL', async () => {
    process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${await freePort()}`;
    process.env['AWS_ENDPOINT_URL_LAMBDA'] = stub.endpoint;
    assert.equal(await lambdaTokenHook(ARN).ask(DECISION), '{}');
  });

  const FAULTS: Readonly<Record<string, readonly [RegExp, typeof answer]>> = {
    'throttles (429)': [/^Lambda answered 429$/, (response) => response.writeHead(429).end('{}')],
    'breaks (500)': [/^Lambda answered 500$/, (response) => response.writeHead(500).end('x'.repeat(10_000))],
    'refuses the role (403)': [/^Lambda answered 403$/, (response) => response.writeHead(403).end('{}')],
    'knows no such function (404)': [/^Lambda answered 404$/, (response) => response.writeHead(404).end()],
    'only takes it (202)': [/^Lambda answered 202$/, (response) => response.writeHead(202).end('{}')],
    'leads elsewhere (307)': [
      /^Lambda answered 307$/,
      (response) => response.writeHead(307, { Location: stub.endpoint }).end('{}'),
    ],
    'tells that the function threw': [
      /^the hook threw, or ran out of its own time$/,
      (response) => response.writeHead(200, { 'X-Amz-Function-Error': 'Handled' }).end('x'.repeat(100_000)),
    ],
    'hangs up': [/^the hook cannot be called \(ECONNRESET\)$/, (response) => response.destroy()],
    'hangs up half-way': [
      /^the hook cannot be called \(ECONNRESET\)$/,
      (response) => {
        response.writeHead(200, { 'Content-Length': 2 }).write('{');
        setImmediate(() => response.destroy());
      },
    ],
    'does not speak HTTP': [
      /^the hook cannot be called \(HPE_\w+\)$/,
      (response) => response.socket?.end('garbage\r\n\r\n'),
    ],
  };

  for (const [what, [message, fault]] of Object.entries(FAULTS)) {
    it(`fails when Lambda ${what}, is not invoked again for that, and works with the next`, async () => {
      const hook = open();
      answer = fault;
      await assert.rejects(hook.ask(DECISION), { name: 'TokenHookError', reason: 'hook_failed', message });
      assert.equal(stub.requests.length, 1);
      answerAll();
      assert.equal(await hook.ask(DECISION), '{}');
    });
  }

  it('fails when nothing listens there, and when there are no credentials', async () => {
    process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${await freePort()}`;
    await assert.rejects(lambdaTokenHook(ARN).ask(DECISION), {
      ...{ reason: 'hook_failed', message: 'the hook cannot be called (ECONNREFUSED)' },
    });
    const { AWS_ACCESS_KEY_ID } = process.env;
    delete process.env['AWS_ACCESS_KEY_ID'];
    try {
      await assert.rejects(open().ask(DECISION), { reason: 'hook_failed' });
    } finally {
      Object.assign(process.env, { AWS_ACCESS_KEY_ID });
    }
  });

  it('takes too long also when its answer began, and never ends', async () => {
    answer = (response) => {
      response.writeHead(200).write('{');
    };
    await assert.rejects(open(50).ask(DECISION), { name: 'TokenHookError', reason: 'hook_timeout' });
  });

  it('is no hook’s answer what is no UTF-8', async () => {
    answer = (response) => response.end(Buffer.from('{"claims":{"a":"\xff"}}', 'latin1'));
    await assert.rejects(open().ask(DECISION), { reason: 'hook_invalid_answer' });
  });

  it('is asked on another connection when Lambda ended the one that was idle', async () => {
    const hook = open();
    let dropped = 0;
    answer = (response, payload) => response.end(payload);
    await hook.ask(DECISION);
    const first = stub.requests[0]?.socket;
    answer = (response, payload) => {
      if (response.socket === first) {
        dropped += 1;
        response.destroy();
      } else response.end(payload);
    };
    assert.equal(await hook.ask(DECISION), '{}');
    assert.equal(dropped, 1);
  });
});

function signatureIn({ headers }: IncomingMessage): string | undefined {
  return /Signature=(\w+)$/.exec(headers.authorization ?? '')?.[1];
}

/** As the documentation of SigV4 has it: each part of the path is encoded once more than it was sent. */
function signatureOf({ method, url = '', headers }: IncomingMessage, body: string): string {
  const [, day = '', scope = '', names = ''] =
    /Credential=[^/]+\/(\d+)\/(.*?), SignedHeaders=(.*?),/.exec(headers.authorization ?? '') ?? [];
  const canonical = [
    method,
    url.split('/').map(encodeURIComponent).join('/'),
    '',
    ...names.split(';').map((name) => `${name}:${headers[name]}`),
    '',
    names,
    sha256(body),
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], `${day}/${scope}`, sha256(canonical)].join('\n');
  const secret = `AWS4${process.env['AWS_SECRET_ACCESS_KEY']}`;
  const key = [day, ...scope.split('/')].reduce<string | Buffer>((before, part) => mac(before, part), secret);
  return mac(key, text).toString('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function mac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
