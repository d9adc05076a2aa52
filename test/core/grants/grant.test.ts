import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bindTo } from '../../../core/grants/grant.ts';
import { makeAuthorization } from '../../support/records.ts';

describe('bindTo', () => {
  it('leaves as it is what is to be bound to nothing', () => {
    const authorization = makeAuthorization();
    assert.equal(bindTo(undefined, authorization), authorization);
  });

  it('binds to a key, and beside it to one that was there before (RFC 7800 §3.1)', () => {
    const authorization = makeAuthorization();
    const byCertificate = bindTo({ 'x5t#S256': 'a' }, authorization);
    assert.deepEqual(byCertificate, { ...authorization, confirmation: { 'x5t#S256': 'a' } });
    assert.deepEqual(bindTo({ jkt: 'b' }, byCertificate).confirmation, { 'x5t#S256': 'a', jkt: 'b' });
  });
});
