import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeJwt } from '../../../core/jose/jwt.ts';
import {
  type Assertion,
  type ClientKey,
  clientAssertion,
  makeClientKey,
} from '../../support/client-assertion.ts';
import {
  ACCESS_TOKEN,
  BILLING,
  createExchangingIssuer,
  type ExchangingIssuer,
  JWT,
  refusedToken,
} from '../../support/exchanging-issuer.ts';
import { publishIssuer } from '../../support/published-issuer.ts';
import { RESOURCE } from '../../support/test-issuer.ts';

const NOW = 1_800_000_000;
const CLUSTER = 'https://oidc.cluster.example.com/id/7';
const OTHER = 'https://other-issuer.example.com';
const SUBJECT = 'system:serviceaccount:prod:shop';
const KEY = makeClientKey('P-256');
const STOLEN = makeClientKey('P-256');

let issuer: ExchangingIssuer;
beforeEach(async () => {
  issuer = await createExchangingIssuer();
  publishIssuer(issuer.published, CLUSTER, [KEY.jwk]);
  publishIssuer(issuer.published, OTHER, [STOLEN.jwk]);
  await issuer.update('backend', {
    token_exchange_subject_resources: null,
    token_exchange_foreign_subjects: [
      { issuer: CLUSTER, subject: SUBJECT, local_subject: 'accounts/shop' },
      { issuer: CLUSTER, subject: 'system:serviceaccount:test:*', local_subject: 'accounts/test' },
      { issuer: CLUSTER, subject: 'batch', local_subject: 'accounts/batch', audience: 'signet' },
    ],
  });
});

interface Changes extends Partial<Assertion> {
  readonly key?: ClientKey;
}

/** A token of the cluster for this issuer, but for what is given. */
const token = ({ key = KEY, header = {}, claims = {}, ...rest }: Changes = {}) => {
  const good = { iss: CLUSTER, sub: SUBJECT, aud: issuer.identifier, iat: NOW, exp: NOW + 300 };
  return clientAssertion(key, 'ES256', { header, claims: { ...good, ...claims }, ...rest });
};
const says = (claims: Readonly<Record<string, unknown>>) => () => token({ claims });

describe('a token of another issuer', () => {
  it('is exchanged for one of the subject that the operator says it is, with the client as actor (RFC 8693 §4.1)', async () => {
    const { access_token, expires_in, scope } = await issuer.exchange(await token());
    const claims = decodeJwt(access_token)?.claims ?? {};
    assert.equal(claims['sub'], 'accounts/shop');
    assert.deepEqual(claims['act'], { sub: 'backend' });
    assert.equal(claims['client_id'], 'backend');
    assert.equal(claims['aud'], BILLING);
    assert.equal(expires_in, 300);
    assert.equal(scope, 'read charge');
    assert.equal(issuer.record.subject_jti, undefined);
  });

  it('tells the log its jti, when it has one', async () => {
    await issuer.exchange(await token({ claims: { jti: 'one' } }));
    assert.equal(issuer.record.subject_jti, 'one');
  });

  for (const [what, jti] of [
    ['a line break', 'one\n'],
    ['what a terminal obeys', 'one\x9b31m'],
    ['more than 255 characters', 'a'.repeat(256)],
  ] as const) {
    it(`tells the log no jti with ${what}`, async () => {
      await issuer.exchange(await token({ claims: { jti } }));
      assert.equal(issuer.record.subject_jti, undefined);
    });
  }

  it('may be one of a pattern of subjects, or for an audience that the operator says', async () => {
    const subjects = [
      [{ sub: 'system:serviceaccount:test:any' }, 'accounts/test'],
      [{ sub: 'batch', aud: ['signet'] }, 'accounts/batch'],
    ] as const;
    for (const [claims, sub] of subjects) {
      const { access_token } = await issuer.exchange(await token({ claims }));
      assert.equal(decodeJwt(access_token)?.claims['sub'], sub);
    }
  });

  for (const typ of ['at+jwt', 'application/at+jwt', 'JWT', undefined]) {
    it(`may say of itself that it is ${typ ?? 'nothing'}, and be called an access token or a JWT (RFC 8693 §3)`, async () => {
      for (const subject_token_type of [ACCESS_TOKEN, JWT])
        await issuer.exchange(await token({ header: { typ } }), { subject_token_type });
    });
  }

  it('is bounded by the target alone: its own scope says nothing of ours', async () => {
    const { scope } = await issuer.exchange(await token({ claims: { scope: 'admin' } }), {
      resource: RESOURCE,
    });
    assert.equal(scope, 'read write');
    await assert.rejects(issuer.exchange(await token({ claims: { scope: 'admin' } }), { scope: 'admin' }), {
      code: 'invalid_scope',
    });
  });

  it('needs the type of tokens that it is, as any (RFC 8693 §2.1)', async () => {
    const subject_token_type = 'urn:ietf:params:oauth:token-type:id_token';
    await assert.rejects(issuer.exchange(await token(), { subject_token_type }), { code: 'invalid_request' });
  });

  it('is no actor token', async () => {
    const form = { actor_token: await token(), actor_token_type: JWT };
    await assert.rejects(issuer.exchange(await token(), form), refusedToken('actor_token', 'wrong_type'));
  });

  /** What an attacker may present, and what the log says of it. */
  const ATTACKS: readonly (readonly [what: string, attack: () => Promise<string>, reason: string])[] = [
    ['an issuer that is not trusted', () => token({ key: STOLEN, claims: { iss: OTHER } }), 'wrong_type'],
    ['the issuer in capitals', says({ iss: CLUSTER.toUpperCase() }), 'wrong_type'],
    ['the issuer with a slash more', says({ iss: `${CLUSTER}/` }), 'wrong_type'],
    ['the issuer in a list', says({ iss: [CLUSTER] }), 'wrong_type'],
    ['this issuer', says({ iss: 'https://auth.example.com' }), 'wrong_type'],
    ['no issuer', says({ iss: undefined }), 'wrong_type'],
    ['a key of another issuer', () => token({ key: STOLEN }), 'wrong_signature'],
    ['its own key as jwk', () => token({ key: STOLEN, header: { jwk: STOLEN.jwk } }), 'wrong_signature'],
    ['alg none', () => token({ header: { alg: 'none' } }), 'wrong_algorithm'],
    ['another audience', says({ aud: 'https://api.example.com' }), 'not_for_client'],
    ['another audience beside', says({ aud: ['https://auth.example.com', 'x'] }), 'not_for_client'],
    ['no audience', says({ aud: undefined }), 'not_for_client'],
    ['the audience of another entry', says({ aud: 'signet' }), 'not_for_client'],
    ['another subject', says({ sub: 'system:serviceaccount:prod:admin' }), 'not_for_client'],
    ['the local subject', says({ sub: 'accounts/shop' }), 'not_for_client'],
    ['a subject with a part more', says({ sub: 'system:serviceaccount:prod:shop:x' }), 'not_for_client'],
    ['a subject with a line break', says({ sub: `${SUBJECT}\n` }), 'not_for_client'],
    ['a subject in full-width letters', says({ sub: 'system:serviceaccount:prod:ｓhop' }), 'not_for_client'],
    ['a subject with a zero-width space', says({ sub: `${SUBJECT}\u200b` }), 'not_for_client'],
    ['a subject with a NUL', says({ sub: `${SUBJECT}\0` }), 'not_for_client'],
    [
      'the pattern as the subject of another',
      says({ sub: 'system:serviceaccount:*:shop' }),
      'not_for_client',
    ],
    ['an empty part for the pattern', says({ sub: 'system:serviceaccount:test:' }), 'not_for_client'],
    ['a subject that is a list', says({ sub: [SUBJECT] }), 'not_for_client'],
    ['a key that it is bound to', says({ cnf: { jkt: 'x' } }), 'bound'],
    ['an actor', says({ act: { sub: 'x' } }), 'bound'],
    ['who may act', says({ may_act: { sub: 'backend' } }), 'bound'],
    ['a time that is over', says({ exp: NOW }), 'expired'],
    ['a time that is over but for the skew of clocks', says({ exp: NOW - 30 }), 'expired'],
    ['a time that is over for long', says({ exp: NOW - 3_600 }), 'expired'],
    ['no end', says({ exp: undefined }), 'malformed'],
    ['an end in years', says({ exp: NOW + 1e9 }), 'lives_too_long'],
    ['a beginning in an hour', says({ nbf: NOW + 3_600 }), 'not_yet_valid'],
    ['the type of a DPoP proof', () => token({ header: { typ: 'dpop+jwt' } }), 'wrong_type'],
    ['the type of a logout token', () => token({ header: { typ: 'logout+jwt' } }), 'wrong_type'],
    ['a critical extension', () => token({ header: { crit: ['exp'] } }), 'malformed'],
  ];

  for (const [what, attack, reason] of ATTACKS) {
    it(`is refused as every other: ${what} (RFC 8693 §2.2.2)`, async () => {
      const { code, description, ...rest } = refusedToken('subject_token', reason);
      await assert.rejects(issuer.exchange(await attack()), { code, description, ...rest });
    });
  }

  it('is refused when the keys of its issuer cannot be had', async () => {
    issuer.published.delete(`${CLUSTER}/jwks`);
    await assert.rejects(issuer.exchange(await token()), refusedToken('subject_token', 'keys_unavailable'));
  });

  it('is refused when it is longer than any', async () => {
    const long = await token({ claims: { padding: 'x'.repeat(20_000) } });
    await assert.rejects(issuer.exchange(long), refusedToken('subject_token', 'wrong_type'));
  });

  it('gives no other subject, no longer life and no more scope than the operator said, whatever it says', async () => {
    const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(SUBJECT, CLUSTER, NOW + 60));
    const claims = fc.record(
      {
        sub: value,
        exp: fc.oneof(fc.integer({ min: NOW - 100, max: NOW + 9_000 }), value),
        scope: value,
        aud: value,
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(claims, async (said) => {
        const presented = await token({ claims: said });
        const outcome = await issuer.exchange(presented).catch((error) => error.code);
        if (typeof outcome === 'string') return outcome === 'invalid_request';
        const issued = decodeJwt(outcome.access_token)?.claims ?? {};
        const exp = Number(decodeJwt(presented)?.claims['exp']);
        return (
          issued['sub'] === 'accounts/shop' && Number(issued['exp']) <= exp && outcome.scope === 'read charge'
        );
      }),
      { numRuns: 300 },
    );
  });
});
