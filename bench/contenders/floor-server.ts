import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { ALGS } from '../../core/jose/algorithms.ts';
import { floorIssuer } from './floor-issuer.ts';

// The least that can answer a token request and an introspection request over HTTP.

const { values } = parseArgs({ options: { alg: { type: 'string' }, signing: { type: 'string' } } });
const alg = v.parse(v.picklist(ALGS), values.alg);
const signing = v.parse(v.picklist(['sync', 'pool']), values.signing);

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => answer(request, Buffer.concat(chunks).toString(), response));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const floor = await floorIssuer(issuer, alg, signing);
process.stdout.write(`${JSON.stringify({ issuer, client: floor.client })}\n`);

async function answer(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
  const { authorization = '' } = request.headers;
  const json =
    request.url === '/introspect'
      ? floor.introspect(authorization, body)
      : await floor.requestToken(authorization, body);
  if (json === undefined) {
    response.writeHead(401).end();
    return;
  }
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Pragma', 'no-cache');
  response.end(json);
}
