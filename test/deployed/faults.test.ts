import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectDynamoDB } from '../../adapters/dynamodb/client.ts';
import { dynamodbSigningKeyStore } from '../../adapters/dynamodb/signing-key-store.ts';
import { KEY_SET_MAX_AGE_SECONDS } from '../../core/limits.ts';
import { bootstrap } from '../support/cdk.ts';
import { type DeployedIssuer, deployIssuer } from '../support/deployed-issuer.ts';
import type { EmulatedFunction } from '../support/emulated-function.ts';
import { type Emulator, startEmulator } from '../support/emulator.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { AWS_FAULTS, type Aws, type AwsFault } from './aws-faults.ts';
import { type FaultRow, faultTables, tablesOfPage, withoutTimes, writeToPage } from './fault-page.ts';
import { askTargets, type FaultTarget, faultTargets } from './fault-targets.ts';
import { type PreparedIssuer, prepareIssuer, RESOURCE } from './prepared-issuer.ts';
import { physicalIds } from './stack-resources.ts';

/** After this, clients and resources are older than the second that they are kept here. */
const RECORDS_ARE_OLD_AFTER_MILLISECONDS = 1_100;

/** Two calls of AWS that fail, after three tries of 1.5 seconds each, and the start of a function, which may run for 20. */
const BUDGET_SECONDS = 15;

/** What the API of the second issuer takes: in a second, and at once. */
const THROTTLE = { rateLimit: '5', burstLimit: '10' };

/** What functions know when something breaks. */
const STATES = {
  nothing: 'When a function has just started',
  all: 'When it has answered the same before, longer ago than `SIGNET_CACHE_SECONDS`',
} as const;
type State = keyof typeof STATES;

const skip =
  process.env['AWS_ENDPOINT_URL'] !== undefined &&
  'the functions of the emulator that AWS_ENDPOINT_URL names may not reach the proxies';

describe('a deployed issuer when DynamoDB or KMS is broken', { skip }, () => {
  let emulator: Emulator;
  let deployed: readonly DeployedIssuer[] = [];
  let aws: Aws;
  let inMemory: PreparedIssuer;
  let targets: readonly FaultTarget[];
  let jwksAtStart: { readonly body?: unknown; readonly at: number };
  const rows: Readonly<Record<State, FaultRow[]>> = { nothing: [], all: [] };

  before(async () => {
    emulator = await startEmulator();
    Object.assign(process.env, emulator.environment);
    await bootstrap(emulator);
    const [kmsStack, memoryStack] = await Promise.all([
      deployIssuer(emulator, { stack: 'InKms', api: 'http', context: { cache: '1' } }),
      deployIssuer(emulator, {
        stack: 'InMemory',
        api: 'rest',
        context: { cache: '1', signers: 'envelope', keyRotation: '2', ...THROTTLE },
      }),
    ]);
    deployed = [kmsStack, memoryStack];
    const inKms = await prepareIssuer(emulator, kmsStack);
    inMemory = await prepareIssuer(emulator, memoryStack);
    const keysTable = connectDynamoDB().table(memoryStack.outputs['SignetKeysTable'] ?? '');
    targets = await faultTargets(inKms, inMemory, dynamodbSigningKeyStore(keysTable));
    const keyIds = await Promise.all(deployed.map(({ stack }) => physicalIds(stack, 'AWS::KMS::Key')));
    const [DynamoDB, KMS] = await Promise.all([
      startFaultProxy(emulator.endpoint),
      startFaultProxy(emulator.endpoint),
    ]);
    aws = { proxies: { DynamoDB, KMS }, keyIds: keyIds.flat() };
    await restart(await inMemory.functionNamed('Jwks'));
    jwksAtStart = { ...(await inMemory.get('/.well-known/jwks.json')), at: performance.now() };
  });
  after(async () => {
    for (const { stop } of [...deployed, ...Object.values(aws?.proxies ?? {})]) await stop();
    await emulator?.stop();
  });

  /** Has a function know nothing, and reach AWS by the proxies alone. */
  const restart = (lambda: EmulatedFunction) =>
    lambda.restart({
      AWS_ENDPOINT_URL_DYNAMODB: aws.proxies.DynamoDB.url,
      AWS_ENDPOINT_URL_KMS: aws.proxies.KMS.url,
    });

  const duringFault = async <T>({ begin, end }: AwsFault, act: () => Promise<T>): Promise<T> => {
    await begin(aws);
    try {
      return await act();
    } finally {
      await end?.(aws);
      await Promise.all(Object.values(aws.proxies).map((proxy) => proxy.mend()));
    }
  };

  const tryFault = async (fault: AwsFault, known: State) => {
    for (const target of targets) await target.prepare();
    if (known === 'nothing') for (const { answeredBy } of targets) await restart(answeredBy);
    else await sleep(RECORDS_ARE_OLD_AFTER_MILLISECONDS);
    const answers = await duringFault(fault, () => askTargets(targets));
    for (const { target, answer } of answers) await target.verify(answer);
    for (const { target, answer } of await askTargets(targets)) {
      assert.equal(answer.text, target.good, `${target.name}, the next time`);
      await target.verify(answer);
    }
    const longestSeconds = Math.max(...answers.map(({ seconds }) => seconds));
    assert.ok(longestSeconds < BUDGET_SECONDS, `an answer took ${longestSeconds} seconds`);
    rows[known].push({
      fault: fault.name,
      answers: answers.map(({ answer }) => answer.text),
      longestSeconds,
    });
  };

  for (const fault of AWS_FAULTS) {
    it(`answers in time when ${fault.name}, loses nothing, and works as before after it`, async () => {
      await tryFault(fault, 'nothing');
      await tryFault(fault, 'all');
    });
  }

  it('answers what docs/operations.md says', async () => {
    const tables = faultTables(
      targets.map(({ name }) => name),
      Object.entries(STATES).map(([known, title]) => ({ title, rows: rows[known as State] })),
    );
    if (process.env['WRITE_FAULTS']) await writeToPage(tables);
    assert.equal(withoutTimes(await tablesOfPage()), withoutTimes(tables), 'npm run faults writes the page');
  });

  it('publishes the last key set while DynamoDB is down, also when that is older than functions keep it', async () => {
    const seconds = KEY_SET_MAX_AGE_SECONDS - (performance.now() - jwksAtStart.at) / 1_000;
    await sleep(Math.max(seconds, 0) * 1_000);
    const outage = AWS_FAULTS.find(({ name }) => name === 'DynamoDB refuses connections') ?? assert.fail();
    const { text, body } = await duringFault(outage, () => inMemory.get('/.well-known/jwks.json'));
    assert.deepEqual([text, body], ['200', jwksAtStart.body]);
  });

  it('answers 429 in the form of OAuth, with Retry-After, to more requests than it takes, and the next second takes them', async () => {
    const ask = () => inMemory.post('/token', { grant_type: 'client_credentials', resource: RESOURCE });
    const startedAt = performance.now();
    const clients = Array.from({ length: 4 }, async () => {
      const statuses: string[] = [];
      for (let request = 0; request < 20; request += 1) statuses.push((await ask()).text);
      return statuses;
    });
    const statuses = (await Promise.all(clients)).flat();
    const seconds = (performance.now() - startedAt) / 1_000;
    const served = statuses.filter((status) => status === '200').length;
    assert.deepEqual(new Set(statuses), new Set(['200', '429']));
    assert.ok(
      served <= Number(THROTTLE.burstLimit) + Number(THROTTLE.rateLimit) * seconds + 1,
      `${served} in ${seconds} seconds`,
    );
    await sleep(1_000);
    assert.equal((await ask()).text, '200');
  });
});
