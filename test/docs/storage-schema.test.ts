import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import {
  CLIENT,
  INITIAL_ACCESS_TOKEN,
  RESOURCE,
  readDocument,
} from '../../adapters/dynamodb/record-reader.ts';
import { ReferenceTokenItemSchema } from '../../adapters/dynamodb/token-store.ts';
import { AccessTokenClaimsSchema } from '../../core/access-token/access-token-claims.ts';
import { ClientSchema } from '../../core/client.ts';
import { KeySetSchema } from '../../core/jose/signing-key.ts';
import { InitialAccessTokenSchema } from '../../core/registration/initial-access-token.ts';
import { RegistrationPolicySchema } from '../../core/registration/registration-policy.ts';
import { ResourceSchema } from '../../core/resource.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/storage-schema.md'), 'utf8');
const ITEMS = new Map(
  [...PAGE.matchAll(/^```json\n(.*?)^```$/gms)].map(([, json = '']) => {
    const item = JSON.parse(json);
    return [item.record.split('#')[0], item] as const;
  }),
);

describe('docs/storage-schema.md', () => {
  it('has an item of each kind', () => {
    assert.deepEqual(
      [...ITEMS.keys()],
      ['client', 'resource', 'initial-access-token', 'key-set', 'reference', 'revoked', 'replay'],
    );
  });

  it('has examples that the adapters read', () => {
    assert.equal(readDocument(CLIENT, ITEMS.get('client')).client_id, 'reporter');
    assert.equal(readDocument(RESOURCE, ITEMS.get('resource')).resource, 'https://orders.example.com');
    assert.equal(readDocument(INITIAL_ACCESS_TOKEN, ITEMS.get('initial-access-token')).uses_left, 49);
    const { record, write_id, ...keySet } = ITEMS.get('key-set');
    assert.equal(v.parse(KeySetSchema, keySet).version, 1);
    const { claims } = v.parse(ReferenceTokenItemSchema, ITEMS.get('reference'));
    assert.equal(claims.client_id, 'reporter');
  });

  for (const [what, { entries }] of [
    ['client', ClientSchema],
    ['client secret', ClientSchema.entries.client_secrets.item],
    ['registration', ClientSchema.entries.registration.wrapped],
    ['initial access token', InitialAccessTokenSchema],
    ['registration policy', RegistrationPolicySchema],
    ['resource', ResourceSchema],
    ['reference token', AccessTokenClaimsSchema],
    ['signing key', KeySetSchema.entries.keys.item],
  ] as const) {
    it(`names every member of a ${what}`, () => {
      const unnamed = Object.keys(entries).filter((member) => !new RegExp(`[\`."]${member}[\`"]`).test(PAGE));
      assert.deepEqual(unnamed, []);
    });
  }
});
