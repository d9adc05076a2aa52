import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Client } from '../../core/client.ts';
import { parseForm } from '../../core/form.ts';
import { findResources, requestedResources } from '../../core/resource-indicator.ts';
import { memoryPorts } from '../support/memory-ports.ts';
import { makeClient, makeResource, resourceIdentifier } from '../support/records.ts';

const [A, B] = ['https://a.example.com', 'https://b.example.com'];
const UNKNOWN = { code: 'invalid_target', description: 'the client may have no token for this resource' };

function clientOf(resources: readonly string[], default_resource?: string): Client {
  const entries = resources.map((resource) => ({ resource, scope: [] }));
  return makeClient('backend', { resources: entries, ...(default_resource ? { default_resource } : {}) });
}

describe('requestedResources', () => {
  for (const [what, body, client, ...expected] of [
    ['the resource that is named (RFC 8707 §2)', `resource=${B}`, clientOf([A, B]), B],
    ['the resource that audience names', `audience=${B}`, clientOf([A, B]), B],
    [
      'the one resource that both name, however often',
      `resource=${B}&audience=${B}&resource=${B}`,
      clientOf([A, B]),
      B,
    ],
    ['the only resource when none is named', '', clientOf([A]), A],
    ['the default resource when none is named', '', clientOf([A, B], B), B],
    ['the resource that is named before the default one', `resource=${A}`, clientOf([A, B], B), A],
    [
      'all that are named, each once, in their order',
      `audience=${A}&resource=${B}&audience=${B}`,
      clientOf([A, B]),
      B,
      A,
    ],
  ] as const) {
    it(`are ${what}`, () => {
      assert.deepEqual(requestedResources(parseForm(body), client), expected);
    });
  }

  for (const body of [
    `resource=${B}`,
    `audience=${B}`,
    `resource=${A}/`,
    `resource=${A.toUpperCase()}`,
    'resource=a',
  ]) {
    it(`refuses ${body} to a client that has no such resource (RFC 8707 §2)`, () => {
      assert.throws(() => requestedResources(parseForm(body), clientOf([A])), UNKNOWN);
    });
  }

  it('are five at most (RFC 8707 §2)', () => {
    const all = Array.from({ length: 6 }, (_, n) => `urn:${n}`);
    const body = (names: readonly string[]) => names.map((name) => `resource=${name}`).join('&');
    const five = all.slice(0, 5);
    assert.deepEqual(requestedResources(parseForm(body(five)), clientOf(all)), five);
    assert.throws(() => requestedResources(parseForm(body(all)), clientOf(all)), {
      code: 'invalid_target',
      description: 'a token is for at most 5 resources',
    });
  });

  for (const body of [`resource=${A}&resource=${B}`, `audience=${B}&resource=${A}`]) {
    it(`refuses ${body} when the client has one of them alone`, () => {
      assert.throws(() => requestedResources(parseForm(body), clientOf([A])), UNKNOWN);
    });
  }

  for (const client of [clientOf([]), clientOf([A, B])]) {
    it(`asks for a resource when none of the ${client.resources.length} that the client has is the default`, () => {
      assert.throws(() => requestedResources(parseForm(''), client), {
        code: 'invalid_target',
        description:
          'the client has no default resource: name one of its resources in the resource parameter',
      });
    });
  }
});

describe('findResources', () => {
  const { resources } = memoryPorts();
  const ports = { resources, defaultAlg: 'ES256' } as const;
  const find = (first: string, ...others: readonly string[]) =>
    findResources([resourceIdentifier(first), ...others.map(resourceIdentifier)], ports);
  const api = makeResource(A, { claims: { tier: 'gold', region: 'eu' } });
  const same = makeResource('urn:same', {
    claims: { region: 'eu', tier: 'gold' },
    access_token_signing_alg: 'ES256',
  });
  const plain = makeResource('urn:plain');
  const empty = makeResource('urn:empty', { claims: {} });
  before(async () => {
    const disabled = makeResource(B, { enabled: false });
    const other = makeResource('urn:alg', { access_token_signing_alg: 'ES384' });
    const reference = makeResource('urn:reference', { access_token_format: 'reference' });
    const all = [api, same, plain, empty, disabled, other, reference];
    for (const resource of all) await resources.create(resource);
  });

  it('finds enabled resources', async () => {
    assert.deepEqual(await find(A), [api]);
    assert.deepEqual(await find('urn:alg').then(([{ resource }]) => resource), 'urn:alg');
  });

  it('finds several that agree on algorithm and claims, said or meant (RFC 8707 §2)', async () => {
    assert.deepEqual(await find('urn:same', A), [same, api]);
    assert.deepEqual(await find('urn:plain', 'urn:empty'), [plain, empty]);
  });

  for (const named of [[B], ['urn:gone'], [A, B], [B, A], [A, 'urn:same', 'urn:gone']] as const) {
    it(`refuses ${named.join(' and ')}, of which one is disabled or gone, as if the client never had it`, async () => {
      const [first, ...others] = named;
      await assert.rejects(find(first, ...others), UNKNOWN);
    });
  }

  for (const [named, what] of [
    [['urn:plain', 'urn:alg'], 'signing algorithm (ES256, ES384)'],
    [['urn:plain', 'urn:empty', 'urn:alg'], 'signing algorithm (ES256, ES384)'],
    [[A, 'urn:plain'], 'claims'],
    [['urn:plain', 'urn:reference'], 'format (at+jwt, reference)'],
  ] as const) {
    it(`refuses ${named.join(' and ')}, which differ in their ${what} (RFC 8707 §2)`, async () => {
      const [first, ...others] = named;
      await assert.rejects(find(first, ...others), {
        code: 'invalid_target',
        description: `the tokens of these resources differ in their ${what}: ask for one resource at a time`,
      });
    });
  }
});
