import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Deployment } from '../../../cli/doctor/deployment.ts';
import { operator } from '../../../cli/doctor/operator.ts';
import { found, healthyDeployment, SECRET_KEY, WRAPPING_KEY } from './healthy-deployment.ts';

const MEND = 'have it allowed to you: docs/operations.md, “Deploy”, lists what each command needs';
const TABLES = 'both the Clients and the Keys table';

function fails(name: string): () => Promise<never> {
  return () => Promise.reject(Object.assign(new Error('no'), { name }));
}
const denied = fails('AccessDeniedException');

/** A deployment in which these members of its store are others. */
async function withStore(
  members: (store: Deployment['store']) => Partial<Deployment['store']>,
): Promise<Deployment> {
  const healthy = await healthyDeployment();
  return { ...healthy, store: { ...healthy.store, ...members(healthy.store) } };
}

describe('signet doctor: operator', () => {
  for (const [permission, members] of [
    [`dynamodb:BatchGetItem on ${TABLES}`, ({ clients }) => ({ clients: { ...clients, find: denied } })],
    [
      `dynamodb:BatchGetItem on ${TABLES}`,
      ({ signingKeys }) => ({ signingKeys: { ...signingKeys, load: denied } }),
    ],
    [
      'dynamodb:Query on the index ByKind of the Clients table',
      ({ clients }) => ({ clients: { ...clients, list: denied } }),
    ],
    [
      'dynamodb:PutItem on the Clients table',
      ({ clients }) => ({ clients: { ...clients, replace: denied } }),
    ],
    [
      'dynamodb:DeleteItem on the Clients table',
      ({ clients }) => ({ clients: { ...clients, remove: denied } }),
    ],
    [
      'dynamodb:PutItem on the Keys table',
      ({ signingKeys }) => ({ signingKeys: { ...signingKeys, replace: denied } }),
    ],
    [
      `kms:GenerateDataKeyPairWithoutPlaintext on ${WRAPPING_KEY}`,
      ({ keyMaker }) => ({ keyMaker: { ...keyMaker, make: denied } }),
    ],
    [`kms:GenerateMac on ${SECRET_KEY}`, () => ({ secretDerivation: { derive: denied } })],
  ] as const satisfies readonly (readonly [string, Parameters<typeof withStore>[0]])[]) {
    it(`finds that ${permission} is denied`, async () => {
      const deployment = await withStore(members);
      assert.deepEqual(await found(operator, deployment), [`you may not ${permission} | ${MEND}`]);
    });
  }

  it('changes nothing by what it tries', async () => {
    const deployment = await healthyDeployment();
    const { clients, signingKeys } = deployment.store;
    const state = async () => [(await clients.list(100)).items, await signingKeys.load()];
    const before = await state();
    assert.deepEqual(await found(operator, deployment), []);
    assert.deepEqual(await state(), before);
  });

  it('asks for no key that the stack has not', async () => {
    const deployment = await withStore(({ keyMaker }) => ({
      keyMaker: { ...keyMaker, make: denied },
      secretDerivation: undefined,
    }));
    assert.deepEqual(await found(operator, { ...deployment, outputs: new Map() }), []);
  });

  it('tells nothing of permissions when something else fails', async () => {
    const deployment = await withStore(() => ({ secretDerivation: { derive: fails('DisabledException') } }));
    await assert.rejects(found(operator, deployment), { name: 'DisabledException' });
  });
});
