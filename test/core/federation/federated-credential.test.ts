import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { FederatedCredentialsSchema, matchesSubject } from '../../../core/federation/federated-credential.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';

/** What is said of a credential; undefined when it is good. */
const check = (credential: object) =>
  v.safeParse(FederatedCredentialsSchema, [{ issuer: ISSUER, subject: 'a', ...credential }]).issues?.[0]
    .message;

describe('a subject', () => {
  for (const [subject, sub, matches] of [
    ['repo:o/r:ref:refs/heads/main', 'repo:o/r:ref:refs/heads/main', true],
    ['repo:o/r:ref:refs/heads/main', 'repo:o/r:ref:refs/heads/main2', false],
    ['repo:o/r:ref:refs/heads/main', 'repo:o/r:ref:refs/heads/Main', false],
    ['repo:o/*:ref:refs/heads/main', 'repo:o/r:ref:refs/heads/main', true],
    ['repo:o/*:ref:refs/heads/main', 'repo:o/:ref:refs/heads/main', false],
    ['repo:o/*:ref:refs/heads/main', 'repo:o/a/b:ref:refs/heads/main', false],
    ['repo:o/*:ref:refs/heads/main', 'repo:o/a:b:ref:refs/heads/main', false],
    ['repo:o/*:ref:refs/heads/main', 'repo:o2/r:ref:refs/heads/main', false],
    ['repo:o/r:*', 'repo:o/r:ref:refs/heads/a/b', true],
    ['repo:o/r:*', 'repo:o/r:pull_request', true],
    ['repo:o/r:*', 'repo:o/r:', false],
    ['repo:o/r:*', 'repo:o/r', false],
    ['repo:o/r:*', 'repo:o/r2:pull_request', false],
    ['system:serviceaccount:*:shop', 'system:serviceaccount:prod:shop', true],
    ['system:serviceaccount:*:shop', 'system:serviceaccount:evil:x:shop', false],
    ['system:serviceaccount:*:shop', 'system:serviceaccount:prod:shop\n', false],
    ['arn:aws:iam::123456789012:role/*', 'arn:aws:iam::123456789012:role/a/b', true],
    ['arn:aws:iam::123456789012:role/*', 'arn:aws:iam::210987654321:role/a', false],
    ['a.c', 'abc', false],
    ['a+[b](c)|d^$\\', 'a+[b](c)|d^$\\', true],
    ['a|b', 'a', false],
    ['Zoë', 'Zoe\u0308', false],
    ['😀:*', '😀:😀', true],
    ['a', ['a'], false],
    ['a', undefined, false],
    ['null', null, false],
  ] as const) {
    it(`${subject} ${matches ? 'is' : 'is not'} ${JSON.stringify(sub)}`, () => {
      assert.equal(matchesSubject({ subject }, sub), matches);
    });
  }

  it('is itself and no other when it has no *', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[\p{C}*]/u.test(text));
    fc.assert(
      fc.property(name, fc.string({ unit: 'binary' }), (subject, sub) => {
        assert.equal(matchesSubject({ subject }, sub), subject === sub);
        assert.equal(matchesSubject({ subject }, subject), true);
      }),
    );
  });

  it('has a * take no part more and no part less', () => {
    const part = fc.string({ minLength: 1 }).filter((text) => !/[:/*]/.test(text));
    fc.assert(
      fc.property(part, fc.array(part, { maxLength: 4 }), part, (first, between, last) => {
        const sub = [first, ...between, last].join(':');
        assert.equal(matchesSubject({ subject: `${first}:*:${last}` }, sub), between.length === 1);
      }),
    );
  });

  for (const [what, name] of [
    ['a line break', 'main\n'],
    ['what a terminal obeys', 'main\x9b31m'],
    ['what turns the direction of a line', 'main\u202eniam'],
    ['more than 512 characters', 'a'.repeat(513)],
  ] as const) {
    it(`takes by a pattern no subject with ${what}, which the log would have`, () => {
      for (const subject of ['repo:o/*', 'repo:o/r:*']) {
        assert.equal(matchesSubject({ subject }, `repo:o/r:${name}`), false);
      }
    });
  }

  const MISPLACED =
    'a * in a subject stands for a whole part between colons and slashes, or at the end for all that follows, and not at the beginning';
  for (const [subject, message] of [
    ['*', MISPLACED],
    ['*:o/r', MISPLACED],
    ['/*', MISPLACED],
    ['octo-*', MISPLACED],
    ['repo:octo-*', MISPLACED],
    ['repo:*-repo:main', MISPLACED],
    ['repo:o/**', MISPLACED],
    ['', 'a subject is not empty and has no control or invisible characters'],
    ['a\n', 'a subject is not empty and has no control or invisible characters'],
    ['a\u200b', 'a subject is not empty and has no control or invisible characters'],
    ['a'.repeat(513), 'a subject has at most 512 characters'],
    ['repo:*:*', undefined],
    ['repo:o/*', undefined],
    ['a b', undefined],
  ] as const) {
    it(`${message === undefined ? 'may be' : 'is none'}: ${JSON.stringify(subject.slice(0, 40))}`, () => {
      assert.equal(check({ subject }), message);
    });
  }
});

describe('an issuer that a client trusts', () => {
  const URL_MESSAGE =
    'it is an https URL without user and fragment, such as https://shop.example.com/jwks.json';
  for (const [credential, message] of [
    [{ issuer: 'https://login.microsoftonline.com/tenant/v2.0' }, undefined],
    [{ issuer: 'https://tenant.auth0.com/' }, undefined],
    [{ issuer: 'http://token.actions.githubusercontent.com' }, URL_MESSAGE],
    [{ issuer: 'token.actions.githubusercontent.com' }, URL_MESSAGE],
    [{ issuer: `${ISSUER}?a=b` }, 'an issuer has no query (RFC 8414 section 2)'],
    [{ audience: '' }, 'an audience is not empty'],
    [{ audience: 'a'.repeat(513) }, 'an audience has at most 512 characters'],
    [{ audience: 'api://AzureADTokenExchange' }, undefined],
  ] as const) {
    it(`${message === undefined ? 'may be' : 'is none'}: ${JSON.stringify(credential).slice(0, 60)}`, () => {
      assert.equal(check(credential), message);
    });
  }

  it('is one of 1 to 20', () => {
    const of = (count: number) =>
      v.safeParse(FederatedCredentialsSchema, Array(count).fill({ issuer: ISSUER, subject: 'a' })).issues?.[0]
        .message;
    assert.equal(of(0), 'a client trusts at least one issuer');
    assert.equal(of(20), undefined);
    assert.equal(of(21), 'a client trusts at most 20 subjects of issuers');
  });
});
