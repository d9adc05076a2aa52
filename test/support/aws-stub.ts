import { createHmac, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { KMS_KEY_OUTPUTS } from './kms-keys-stub.ts';

/** Items by table; those that are put are added, or take the place of theirs. */
export type StubTables = Readonly<Record<string, Readonly<Record<string, unknown>>[]>>;

/** Answers one call in the place of the stub; the response may also be left without an answer. */
export type Fault = (response: ServerResponse) => void;

/** As much of DynamoDB and KMS as tokens take: it counts the calls, and fails them when it is told to. */
export interface AwsStub {
  readonly endpoint: string;
  /** The operations that were called, in their order. */
  readonly calls: string[];
  /** How many connections were opened to it. */
  readonly connections: number;
  /** Fails the operations with this name; all others are answered. */
  fail(operation: string, fault: Fault): void;
  /** Answers every operation again. */
  mend(): void;
  stop(): Promise<void>;
}

/** What keys its MACs. */
export const MAC_KEY = 'the key of the stub that never leaves it';

/** Starts the stub on a free port. Its signatures are of the right length and verify with no key. */
export async function startAwsStub(tables: StubTables): Promise<AwsStub> {
  const calls: string[] = [];
  const faults = new Map<string, Fault>();
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const input = (await json(request)) as never;
    calls.push(operation);
    const fault = faults.get(operation);
    if (fault) fault(response);
    else answerJson(response, 200, OUTPUTS.get(operation)?.(input, tables) ?? {});
  });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    get connections() {
      return connections;
    },
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    fail: (operation, fault) => faults.set(operation, fault),
    mend: () => faults.clear(),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Answers as AWS's JSON protocol does. */
export function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}

/** Answers what is no HTTP. */
export function answerNoHttp(response: ServerResponse): void {
  response.socket?.end('no HTTP\r\n\r\n');
}

/** Answers what is no answer of AWS, as what stands in between does. */
export function answerNoJson(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>Sign in to use this network</html>');
}

/** What each operation answers, by its input and what the tables have. */
const OUTPUTS = new Map<string, (input: never, tables: StubTables) => object>([
  ['Sign', signature],
  ['Decrypt', decrypted],
  ['GenerateMac', mac],
  ['BatchGetItem', batchOf],
  ['PutItem', put],
  ['GenerateDataKeyPairWithoutPlaintext', keyPair],
  ...KMS_KEY_OUTPUTS,
]);

function signature(): object {
  return {
    Signature: Buffer.alloc(256, 1).toString('base64'),
    SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
  };
}

/** Nothing is encrypted here. */
function decrypted({ CiphertextBlob }: { CiphertextBlob: string }): object {
  return { Plaintext: CiphertextBlob };
}

function mac({ Message, MacAlgorithm }: { Message: string; MacAlgorithm: string }): object {
  const digest = MacAlgorithm.replace('HMAC_', '').replace('_', '');
  return { Mac: createHmac(digest, MAC_KEY).update(Buffer.from(Message, 'base64')).digest('base64') };
}

/** A key pair on P-256 whose private half decrypts to itself. */
function keyPair(): object {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    PublicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    PrivateKeyCiphertextBlob: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
  };
}

function batchOf(
  { RequestItems }: { RequestItems: Record<string, { Keys: { record: { S: string } }[] }> },
  tables: StubTables,
): object {
  const responses = Object.entries(RequestItems).map(([table, { Keys }]) => {
    const asked = new Set(Keys.map((key) => key.record.S));
    const items = (tables[table] ?? []).filter((item) => asked.has(String(item['record'])));
    return [table, items.map((item) => marshall(item))];
  });
  return { Responses: Object.fromEntries(responses), UnprocessedKeys: {} };
}

function put(
  { TableName, Item }: { TableName: string; Item: Parameters<typeof unmarshall>[0] },
  tables: StubTables,
): object {
  const item = unmarshall(Item);
  const items = tables[TableName] ?? [];
  const before = items.findIndex(({ record }) => record === item['record']);
  if (before < 0) items.push(item);
  else items[before] = item;
  return {};
}
