import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** Lambda as far as functions are invoked: one function, whatever its name. */
export interface LambdaStub {
  readonly endpoint: string;
  /** The requests that came, in their order. */
  readonly requests: IncomingMessage[];
  stop(): Promise<void>;
}

/** Starts it on a free port; what the function returns goes out as Lambda has it, and what it throws. */
export async function startLambdaStub(
  invoke: (event: never) => unknown,
  answer: (response: ServerResponse, payload: string) => void = (response, payload) => response.end(payload),
): Promise<LambdaStub> {
  const requests: IncomingMessage[] = [];
  const server = createServer(async (request, response) => {
    requests.push(request);
    const event = (await json(request)) as never;
    try {
      answer(response, JSON.stringify((await invoke(event)) ?? null));
    } catch (error) {
      response.setHeader('X-Amz-Function-Error', 'Unhandled');
      response.end(JSON.stringify({ errorType: 'Error', errorMessage: String(error) }));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
