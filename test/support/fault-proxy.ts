import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerJson, answerNoHttp, answerNoJson } from './aws-stub.ts';

/** A call of AWS on its way. */
interface Call {
  readonly body: Buffer;
  readonly response: ServerResponse;
  /** Has AWS do it, and tells what AWS answers. */
  forward(): Promise<Reply>;
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What is done with a call in the place of passing it on. */
export type CallFault = (call: Call) => Promise<void> | void;

/** Stands between functions and a service of AWS, and does what it is told with their calls. */
export interface FaultProxy {
  readonly url: string;
  break(fault: CallFault): void;
  /** Refuses connections, and ends those that there are. */
  refuse(): Promise<void>;
  /** Passes every call on again. */
  mend(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a proxy on a free port, which it keeps. */
export async function startFaultProxy(upstream: string): Promise<FaultProxy> {
  let fault: CallFault = passOn;
  const server = createServer(async (request, response) => {
    const { host, connection, 'content-length': length, ...headers } = request.headersDistinct;
    const body = await buffer(request);
    const sent = Object.entries(headers).map(([name, values = []]): [string, string] => [
      name,
      values.join(),
    ]);
    await fault({ body, response, forward: () => send(upstream, sent, body) });
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const close = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    break(chosen) {
      fault = chosen;
    },
    refuse: close,
    async mend() {
      fault = passOn;
      if (!server.listening) await listen(port);
    },
    stop: close,
  };
}

async function send(url: string, headers: [string, string][], body: Buffer): Promise<Reply> {
  const answer = await fetch(url, { method: 'POST', headers, body });
  return {
    status: answer.status,
    headers: { 'Content-Type': answer.headers.get('Content-Type') ?? '' },
    body: Buffer.from(await answer.arrayBuffer()),
  };
}

async function passOn({ response, forward }: Call): Promise<void> {
  const { status, headers, body } = await forward();
  response.writeHead(status, headers).end(body);
}

/** AWS does nothing, and answers with an error of its own. */
export function failing(status: number, type: string): CallFault {
  return ({ response }) =>
    answerJson(response, status, { __type: type, message: `as the test wants: ${type}` });
}

/** AWS does it at once, and its answer comes late. */
export function late(milliseconds: number): CallFault {
  return async ({ response, forward }) => {
    const { status, headers, body } = await forward();
    await sleep(milliseconds, undefined, { ref: false });
    response.writeHead(status, headers).end(body);
  };
}

/** AWS takes it, and is never heard of again. */
export function hanging(): void {}

/** AWS does it, and the connection ends in the middle of the answer. */
export async function halfClosed({ response, forward }: Call): Promise<void> {
  const { status, headers, body } = await forward();
  response.writeHead(status, { ...headers, 'Content-Length': body.length });
  response.write(body.subarray(0, body.length / 2), () => response.socket?.end());
}

/** Who answers is not AWS, nor speaks HTTP. */
export function noHttp({ response }: Call): void {
  answerNoHttp(response);
}

/** Who answers is not AWS, and has the same page for everyone. */
export function noJson({ response }: Call): void {
  answerNoJson(response);
}

/** AWS refuses what has a condition, as when another write was first; it does all else. */
export function conflicting(call: Call): Promise<void> | void {
  if (!call.body.includes('"ConditionExpression"')) return passOn(call);
  return failing(400, 'ConditionalCheckFailedException')(call);
}
