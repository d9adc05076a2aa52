import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Client } from '../../core/client.ts';
import { parseForm } from '../../core/form.ts';
import { findResource, requestedResource } from '../../core/resource-indicator.ts';
import { memoryPorts } from '../support/memory-ports.ts';
import { makeClient, makeResource, resourceIdentifier } from '../support/records.ts';

const [A, B] = ['https://a.example.com', 'https://b.example.com'];
const UNKNOWN = { code: 'invalid_target', description: 'the client may have no token for this resource' };

function clientOf(resources: readonly string[], default_resource?: string): Client {
  const entries = resources.map((resource) => ({ resource, scope: [] }));
  return makeClient('backend', { resources: entries, ...(default_resource ? { default_resource } : {}) });
}

describe('requestedResource', () => {
  for (const [what, body, client, expected] of [
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
  ] as const) {
    it(`is ${what}`, () => {
      assert.equal(requestedResource(parseForm(body), client), expected);
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
      assert.throws(() => requestedResource(parseForm(body), clientOf([A])), UNKNOWN);
    });
  }

  for (const body of [
    `resource=${A}&resource=${B}`,
    `resource=${A}&audience=${B}`,
    `audience=${A}&audience=x`,
  ]) {
    it(`refuses ${body}: a token is for one resource`, () => {
      assert.throws(() => requestedResource(parseForm(body), clientOf([A, B])), {
        code: 'invalid_target',
        description: 'a token is for one resource: ask for one at a time',
      });
    });
  }

  for (const client of [clientOf([]), clientOf([A, B])]) {
    it(`asks for a resource when none of the ${client.resources.length} that the client has is the default`, () => {
      assert.throws(() => requestedResource(parseForm(''), client), {
        code: 'invalid_target',
        description:
          'the client has no default resource: name one of its resources in the resource parameter',
      });
    });
  }
});

describe('findResource', () => {
  it('finds an enabled resource; one that is disabled or gone is refused as if the client never had it', async () => {
    const { resources } = memoryPorts();
    const resource = makeResource(A);
    await resources.create(resource);
    await resources.create(makeResource(B, { enabled: false }));
    assert.deepEqual(await findResource(resource.resource, resources), resource);
    await assert.rejects(findResource(resourceIdentifier(B), resources), UNKNOWN);
    await assert.rejects(findResource(resourceIdentifier('urn:gone'), resources), UNKNOWN);
  });
});
