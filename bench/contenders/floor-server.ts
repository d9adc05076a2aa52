import { hash, sign, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs, promisify } from 'node:util';
import * as v from 'valibot';
import { generateKeyPairFor } from '../../adapters/embedded/key-pair.ts';
import { createJti } from '../../core/access-token/jti.ts';
import { createClientSecret } from '../../core/client-secret.ts';
import { ALGS, keyWithOptions, signingAlgorithm } from '../../core/jose/algorithms.ts';
import { LIFETIME_SECONDS, RESOURCE } from './measured-server.ts';

// The least that can answer a token request over HTTP: it reads the same request as the issuer, compares one SHA-256 in constant
// time, signs the same claims once and answers the same JSON. There is no store, no log, and one client. Where the issuer has
// found a cheaper way to do one of these, so does this: what it costs less is what the issuer does more.

const CLIENT_ID = '0123456789ABCDEFGHIJKL';

const signInThread = promisify(sign);

const { values } = parseArgs({ options: { alg: { type: 'string' }, signing: { type: 'string' } } });
const alg = v.parse(v.picklist(ALGS), values.alg);
const signing = v.parse(v.picklist(['sync', 'pool']), values.signing);

const { digest } = signingAlgorithm(alg);
const key = keyWithOptions((await generateKeyPairFor(alg)).privateKey, alg);
const header = encodeJson({ typ: 'at+jwt', alg, kid: hash('sha256', alg, 'base64url') });
const client_secret = createClientSecret();
const secretHash = hash('sha256', client_secret, 'buffer');

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => answer(request, Buffer.concat(chunks).toString(), response));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const ready = { issuer, client: { client_id: CLIENT_ID, client_secret } };
process.stdout.write(`${JSON.stringify(ready)}\n`);

async function answer(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
  if (new URLSearchParams(body).get('grant_type') !== 'client_credentials' || !isClient(request)) {
    response.writeHead(401).end();
    return;
  }
  const signingInput = `${header}.${encodeJson(claims())}`;
  const signature = await signatureOf(Buffer.from(signingInput));
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Pragma', 'no-cache');
  const access_token = `${signingInput}.${signature.toString('base64url')}`;
  const token = { access_token, token_type: 'Bearer', expires_in: LIFETIME_SECONDS, scope: 'read write' };
  response.end(JSON.stringify(token));
}

function isClient({ headers: { authorization = '' } }: IncomingMessage): boolean {
  const credentials = Buffer.from(authorization.slice('Basic '.length), 'base64').toString();
  const [client_id, secret = ''] = credentials.split(':');
  return client_id === CLIENT_ID && timingSafeEqual(hash('sha256', secret, 'buffer'), secretHash);
}

function claims(): object {
  const iat = Math.floor(Date.now() / 1000);
  return {
    iss: issuer,
    exp: iat + LIFETIME_SECONDS,
    aud: RESOURCE,
    sub: CLIENT_ID,
    client_id: CLIENT_ID,
    iat,
    jti: createJti(),
    scope: 'read write',
  };
}

function signatureOf(signingInput: Buffer): Buffer | Promise<Buffer> {
  return signing === 'sync' ? sign(digest, signingInput, key) : signInThread(digest, signingInput, key);
}

function encodeJson(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
