import { BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient, SignCommand } from '@aws-sdk/client-kms';
import * as v from 'valibot';
import { AWS_CLIENT_SETTINGS } from '../adapters/aws/client-settings.ts';
import { ALGS } from '../core/jose/algorithms.ts';
import { CLIENT_ID, RESOURCES, tokenEvent } from '../test/support/aws-issuer.ts';
import { basic } from '../test/support/oauth-request.ts';
import { floorIssuer, type Signing } from './contenders/floor-issuer.ts';

// A Lambda environment of its own: loads the bundle that it is told and the least that does the same work, has them take turns, and sends
// the microseconds of CPU that each took in each round.

const ROUNDS = 80;
/** The first rounds are V8's, to compile. */
const WARM_UP_ROUNDS = 40;

type Work = () => Promise<unknown>;

/** The least work beside the handler, and how many times a round has it. */
const FLOORS = {
  sync: { calls: 500, make: () => parseHashAndSign('sync') },
  documented: { calls: 500, make: () => parseHashAndSign('documented') },
  aws: { calls: 50, make: bareCalls },
} as const;

const [bundle = '', floorName, algName] = process.argv.slice(2);
const floor = FLOORS[v.parse(v.picklist(['sync', 'documented', 'aws']), floorName)];
const alg = v.parse(v.picklist(ALGS), algName);
const { handler } = await import(bundle);
const event = tokenEvent();
const answered = async () => {
  const { statusCode, body } = await handler(event);
  if (statusCode !== 200) throw new Error(`the token function answered ${statusCode}: ${body}`);
};
const works = [answered, await floor.make()] as const;
const rounds: number[][] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const times: number[] = [];
  for (const work of works) times.push(await cpuOf(work, floor.calls));
  if (round >= WARM_UP_ROUNDS) rounds.push(times);
}
process.send?.(rounds);
process.disconnect();

/** Microseconds of CPU that a work takes, one after the other. */
async function cpuOf(work: Work, calls: number): Promise<number> {
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

/** What any issuer has to do of a token request, with its key in memory. */
async function parseHashAndSign(signing: Signing): Promise<Work> {
  const { client, requestToken } = await floorIssuer('https://auth.example.com', alg, signing);
  const authorization = basic(client.client_id, client.client_secret);
  return () => requestToken(authorization, Buffer.from(event.body ?? '', 'base64').toString());
}

/** The calls of AWS that a token takes, by the SDK's clients. */
async function bareCalls(): Promise<Work> {
  const dynamodb = new DynamoDBClient(AWS_CLIENT_SETTINGS);
  const kms = new KMSClient(AWS_CLIENT_SETTINGS);
  const read = (records: Readonly<Record<string, string>>) => {
    const requests = Object.entries(records).map(([table, record]) => [
      table,
      { Keys: [{ record: { S: record } }], ConsistentRead: true },
    ]);
    return dynamodb.send(new BatchGetItemCommand({ RequestItems: Object.fromEntries(requests) }));
  };
  const Message = Buffer.alloc(300);
  return async () => {
    await read({ Clients: `client#${CLIENT_ID}` });
    await read({ Clients: `resource#${RESOURCES[0]}`, Keys: 'key-set' });
    await kms.send(
      new SignCommand({
        KeyId: 'key',
        Message,
        MessageType: 'RAW',
        SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
      }),
    );
  };
}
