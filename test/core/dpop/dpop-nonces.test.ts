import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import fc from 'fast-check';
import { createDpopNonces, type DpopNonces, withDpopNonces } from '../../../core/dpop/dpop-nonces.ts';
import { ALGS } from '../../../core/jose/algorithms.ts';
import { publishSigningKey } from '../../../core/management/signing-keys.ts';
import { createTestIssuer, type TestIssuer } from '../../support/test-issuer.ts';

let issuer: TestIssuer;
let nonces: DpopNonces;
beforeEach(async () => {
  issuer = await createTestIssuer();
  nonces = createDpopNonces(issuer);
});

/** What another process of the issuer would make and take. */
const another = () => createDpopNonces(issuer);

describe('the nonces of an issuer', () => {
  for (const alg of ALGS) {
    it(`are signed with ${alg}, of the characters that nonces have, and known to all its processes, no others (RFC 9449 §8.1)`, async () => {
      issuer = await createTestIssuer([alg]);
      const nonce = await createDpopNonces(issuer).current();
      assert.match(nonce, /^30000000\.[\w-]{86,}$/);
      assert.equal(await another().accepts(nonce), true);
      for (const other of ['30000000.AAAA', `${nonce}AAAA`, nonce.slice(0, -4)]) {
        assert.equal(await another().accepts(other), false);
      }
    });
  }

  it('are one for a minute, with one signature for all who ask', async () => {
    const sign = mock.method(issuer.signer, 'sign');
    const first = await Promise.all(Array.from({ length: 25 }, () => nonces.current()));
    issuer.time.now += 59;
    assert.deepEqual(new Set([...first, await nonces.current()]).size, 1);
    assert.equal(sign.mock.callCount(), 1);
    issuer.time.now += 1;
    assert.notEqual(await nonces.current(), first[0]);
    assert.equal(sign.mock.callCount(), 2);
  });

  it('are good for five minutes, and for a clock that is a minute behind', async () => {
    const nonce = await nonces.current();
    for (const [seconds, isGood] of [
      [-61, false],
      [-60, true],
      [0, true],
      [299, true],
      [300, false],
    ] as const) {
      issuer.time.now = 1_800_000_000 + seconds;
      assert.equal(await another().accepts(nonce), isGood, String(seconds));
    }
  });

  it('stay good when another key signs, until theirs is published no more', async () => {
    const nonce = await nonces.current();
    await publishSigningKey(await issuer.createSigningKey('ES256'), issuer);
    assert.equal(await another().accepts(nonce), true);
    const { keys } = await issuer.signingKeys.load();
    mock.method(issuer.signingKeys, 'load', async () => ({ version: 2, keys: keys.slice(1) }));
    assert.equal(await another().accepts(nonce), false);
  });

  it('are made again after a signature that failed', async () => {
    mock.method(issuer.signer, 'sign', () => Promise.reject(new Error('KMS is down')), {
      times: 1,
    });
    await assert.rejects(nonces.current(), { message: 'KMS is down' });
    assert.equal(await nonces.accepts(await nonces.current()), true);
  });

  it('are not there without a key', async () => {
    const keyless = createDpopNonces({ ...issuer, defaultAlg: 'RS256' });
    await assert.rejects(keyless.current(), { code: 'server_error', reason: 'no_signing_key' });
    assert.equal(await keyless.accepts(await nonces.current()), false);
  });

  it('are no one else’s: of another issuer, time or key', async () => {
    const ofAnother = createDpopNonces({ ...issuer, identifier: 'https://another.example.com' });
    assert.equal(await nonces.accepts(await ofAnother.current()), false);
    const [period, signature] = (await nonces.current()).split('.');
    assert.equal(await nonces.accepts(`${Number(period) - 1}.${signature}`), false);
    const withOtherKey = createDpopNonces(await createTestIssuer());
    assert.equal(await nonces.accepts(await withOtherKey.current()), false);
  });

  for (const nonce of [
    ...[undefined, null, 1, true, [], {}, { toString: 1 }, ['30000000.AAAA'], ''],
    ...['30000000', '30000000.', '.AAAA', '30000000.AAAA', '30000000.AAAA.AAAA', '30000000.A A', '-1.AAAA'],
    ...[
      'NaN.AAAA',
      'Infinity.AAAA',
      '0x1c9c380.AAAA',
      '3e7.AAAA',
      `${'9'.repeat(15)}.AAAA`,
      '30000000.AAAA\n',
    ],
  ]) {
    it(`are not ${JSON.stringify(nonce)}`, async () => {
      assert.equal(await nonces.accepts(nonce), false);
    });
  }

  it('are no mutation of a good one', async () => {
    const genuine = await nonces.current();
    const character = fc.constantFrom(...'0123456789.AZaz-_ ');
    const mutation = fc
      .tuple(
        fc.nat({ max: genuine.length - 1 }),
        fc.nat({ max: 3 }),
        fc.string({ unit: character, maxLength: 3 }),
      )
      .map(([at, cut, text]) => genuine.slice(0, at) + text + genuine.slice(at + cut))
      .filter((mutated) => mutated !== genuine);
    await fc.assert(
      fc.asyncProperty(mutation, async (mutated) => !(await nonces.accepts(mutated))),
      { numRuns: 2_000 },
    );
  });

  it('are signed as nothing that could be a token (RFC 7515 §5.1)', async () => {
    const sign = mock.method(issuer.signer, 'sign');
    await nonces.current();
    const [signingInput] = sign.mock.calls.map(({ arguments: [, input] }) => Buffer.from(input).toString());
    assert.equal(signingInput, 'DPoP nonce of https://auth.example.com for period 30000000');
  });
});

describe('withDpopNonces', () => {
  it('gives an issuer nonces when it is to want some, and leaves it alone otherwise', async () => {
    const wanting = withDpopNonces(issuer, true);
    assert.equal(await nonces.accepts(await wanting.dpopNonces?.current()), true);
    for (const areWanted of [false, undefined]) assert.equal(withDpopNonces(issuer, areWanted), issuer);
  });
});
