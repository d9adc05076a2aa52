import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as v from 'valibot';
import { generateKeyPairFor } from '../adapters/embedded/key-pair.ts';
import { PublicJwkSchema } from '../core/jose/signing-key.ts';
import { functionEnvironment, TABLES } from '../test/support/aws-issuer.ts';
import { type StubTables, startAwsStub } from '../test/support/aws-stub.ts';
import { makeSigningKey } from '../test/support/records.ts';
import { onServerCore } from './pinning.ts';
import { median } from './statistics.ts';

const ROUNDS = join(import.meta.dirname, 'handler-rounds.ts');

/** The handler of the token function beside the least that does the same work. */
export interface HandlerComparison {
  readonly work: string;
  /** Microseconds a token. */
  readonly handler: number;
  readonly floor: number;
  readonly ratio: number;
}

/** Measures the handler in the bundle of the token function, warm, in a process of its own. */
export async function compareHandler(bundle: string): Promise<readonly HandlerComparison[]> {
  return [
    await compare('parse, hash and sign, ES256', 'memory', bundle, await envelopeTables(), {
      SIGNET_SIGNING_ALGS: 'ES256',
    }),
    await compare('the calls of AWS by its SDK, RS256', 'aws', bundle, TABLES, { SIGNET_CACHE_SECONDS: '0' }),
  ];
}

/** Its key signs in memory. */
async function envelopeTables(): Promise<StubTables> {
  const { publicKey, privateKey } = await generateKeyPairFor('ES256');
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url');
  const key = makeSigningKey({
    alg: 'ES256',
    public_jwk: v.parse(PublicJwkSchema, publicKey.export({ format: 'jwk' })),
    private_key_reference: `envelope:${pkcs8}`,
  });
  return { ...TABLES, Keys: [{ record: 'key-set', version: 1, keys: [key], write_id: 'w' }] };
}

async function compare(
  work: string,
  floor: string,
  bundle: string,
  tables: StubTables,
  settings: Readonly<Record<string, string>>,
): Promise<HandlerComparison> {
  const stub = await startAwsStub(tables);
  try {
    const child = spawn(...onServerCore(process.execPath, [ROUNDS, bundle, floor]), {
      env: { ...process.env, ...functionEnvironment(stub.endpoint), ...settings },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const exited = once(child, 'exit').then(() => Promise.reject(new Error('the handler was not measured')));
    const [rounds] = await Promise.race([once(child, 'message'), exited]);
    const measured = v.parse(v.array(v.tuple([v.number(), v.number()])), rounds);
    return {
      work,
      handler: median(measured.map(([handler]) => handler)),
      floor: median(measured.map(([, least]) => least)),
      ratio: median(measured.map(([handler, least]) => handler / least)),
    };
  } finally {
    await stub.stop();
  }
}
