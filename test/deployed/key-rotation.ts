import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { connectDynamoDB } from '../../adapters/dynamodb/client.ts';
import { dynamodbSigningKeyStore } from '../../adapters/dynamodb/signing-key-store.ts';
import type { Alg } from '../../core/jose/algorithms.ts';
import type { SigningKey, SigningKeyState } from '../../core/jose/signing-key.ts';
import { KEY_ROTATION_PERIOD_MIN_SECONDS, SIGNING_KEY_KEPT_AFTER_SECONDS } from '../../core/limits.ts';
import {
  LAST_TOKEN_EXPIRED_AFTER_SECONDS,
  SIGNS_AFTER_SECONDS,
} from '../../core/management/key-set-change.ts';
import { describeSigningKeys } from '../../core/management/signing-keys.ts';
import { requestAccessToken } from '../support/connect-issuer.ts';
import type { DeployedIssuer } from '../support/deployed-issuer.ts';
import type { Emulator } from '../support/emulator.ts';
import { requestIntrospection } from '../support/form-request.ts';
import { signetJson } from '../support/signet.ts';
import { createDeployedClient, type DeployedClient } from './deployed-client.ts';
import { physicalIds } from './stack-resources.ts';

/**
 * The rotation function of an issuer with the shortest period, as a schedule invokes it, and what the others make of what it wrote.
 *
 * No one waits: of a key set whose times are all earlier by some seconds, so many seconds have passed.
 */
export function describeKeyRotation(
  algs: readonly Alg[],
  deployedIn: () => { readonly emulator: Emulator; readonly deployed: DeployedIssuer },
): void {
  describe('whose keys follow each other by themselves', () => {
    let client: DeployedClient;
    let oldToken: string;
    before(async () => {
      client = await createDeployedClient(deployedIn().deployed.stack, 'of-rotation');
    });

    const signingKeys = () =>
      dynamodbSigningKeyStore(
        connectDynamoDB().table(deployedIn().deployed.outputs['SignetKeysTable'] ?? ''),
      );
    const requestToken = () => requestAccessToken({ ...client, issuer: deployedIn().deployed.issuer });
    const kidOf = (token: string) => decodeProtectedHeader(token).kid;

    /** The kids of each algorithm's keys by their states. */
    const kidsByState = async (): Promise<readonly Partial<Record<SigningKeyState, string>>[]> => {
      const keys = describeSigningKeys(await signingKeys().load(), Math.floor(Date.now() / 1000));
      return algs.map((alg) =>
        Object.fromEntries(keys.filter((key) => key.alg === alg).map(({ state, kid }) => [state, kid])),
      );
    };

    const letPass = async (seconds: number) => {
      const { version, keys } = await signingKeys().load();
      const earlier = keys.map((key) => ({ ...key, ...timesOf(key, (time) => time - seconds) }));
      assert.equal(await signingKeys().replace({ version: version + 1, keys: earlier }), true);
    };

    const functionNames = () => physicalIds(deployedIn().deployed.stack, 'AWS::Lambda::Function');
    const askLambda = (name: string | undefined, path: string, method: string, body: object) =>
      fetch(`${deployedIn().emulator.endpoint}/2015-03-31/functions/${name}/${path}`, {
        method,
        body: JSON.stringify(body),
      });

    const invoke = async () => {
      const name = (await functionNames()).find((each) => each.includes('KeyRotation'));
      const answer = await askLambda(name, 'invocations', 'POST', {});
      assert.deepEqual([answer.status, await answer.text()], [200, 'null']);
    };

    /** Has all functions start anew, so that none keeps the key set from before. */
    const restart = async () => {
      for (const name of await functionNames()) {
        const answer = await askLambda(name, 'configuration', 'PUT', { Timeout: 20 });
        assert.equal(answer.status, 200);
      }
    };

    const assertVerified = async (token: string) => {
      const { issuer } = deployedIn().deployed;
      await jwtVerify(token, createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`)), { issuer });
      assert.equal((await requestIntrospection(issuer, client, token)).active, true);
    };

    it('has a key made and published for each algorithm, once however often it is invoked at a time, and the old one sign', async () => {
      await restart();
      const old = await kidsByState();
      oldToken = await requestToken();
      await letPass(KEY_ROTATION_PERIOD_MIN_SECONDS);
      await Promise.all([invoke(), invoke()]);
      await invoke();
      const kids = await kidsByState();
      assert.deepEqual(
        kids.map(({ pending, ...others }) => [typeof pending, others]),
        old.map(({ active }) => ['string', { active }]),
      );
      assert.equal((await signingKeys().load()).keys.length, 2 * algs.length);
      const token = await requestToken();
      assert.equal(kidOf(token), kids[0]?.active);
      await assertVerified(token);
    });

    it('has the new key sign when every cache has it, and tokens of the old one verify', async () => {
      const old = await kidsByState();
      await letPass(SIGNS_AFTER_SECONDS);
      await restart();
      assert.deepEqual(
        await kidsByState(),
        old.map(({ active: retired, pending: active }) => ({ retired, active })),
      );
      const token = await requestToken();
      assert.equal(kidOf(token), old[0]?.pending);
      for (const each of [oldToken, token]) await assertVerified(each);
    });

    it('has the old key gone when its last token has expired, and a day later forgets it and has another follow', async () => {
      const signing = (await kidsByState()).map(({ active }) => active);
      const assertBeside = async (state: SigningKeyState) => {
        for (const [index, { active, ...others }] of (await kidsByState()).entries()) {
          assert.deepEqual([active, Object.keys(others)], [signing[index], [state]]);
        }
      };
      await letPass(LAST_TOKEN_EXPIRED_AFTER_SECONDS);
      await assertBeside('gone');
      await letPass(SIGNING_KEY_KEPT_AFTER_SECONDS);
      await invoke();
      await assertBeside('pending');
    });

    it('has a key that leaked followed at once by one that the operator has made, where none is on its way', async () => {
      for (const state of ['pending', 'active'] as const) {
        const [kids] = await kidsByState();
        await signetJson([
          'keys',
          'retire',
          '--now',
          '--yes',
          kids?.[state] ?? '',
          '--stack',
          deployedIn().deployed.stack,
        ]);
      }
      await restart();
      const token = await requestToken();
      const [left] = await kidsByState();
      assert.deepEqual(left, { active: kidOf(token) });
      await assertVerified(token);
    });
  });
}

/** The times of a key, each as it is to be. */
function timesOf(key: SigningKey, change: (time: number) => number): Partial<SigningKey> {
  const times = Object.entries(key).filter(([, value]) => typeof value === 'number');
  return Object.fromEntries(times.map(([name, time]) => [name, change(Number(time))]));
}
