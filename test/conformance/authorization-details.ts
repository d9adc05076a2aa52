import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { assertAnswer, assertError, assertToken, UNCACHED } from './answers.ts';
import type { Suite } from './suite.ts';

const UNREADABLE =
  'it is at most 7 levels deep, and of names, texts and numbers that every reader reads alike';

/** Rich authorization requests (RFC 9396): `payments` knows payment_initiation, `ledger`, of reference tokens, account_information. */
export function describeAuthorizationDetails(suite: () => Suite): void {
  type Name = 'payments' | 'ledger';
  const request = (resource: Name, details: unknown, more: Readonly<Record<string, string>> = {}) =>
    suite().requestToken(suite().clients.payer, {
      ...{ resource: suite().resources[resource], authorization_details: JSON.stringify(details) },
      ...more,
    });
  const payment = { type: 'payment_initiation', amount: { currency: 'EUR', value: 123.5 }, creditor: 'Zoë' };
  const account = { type: 'account_information', actions: ['read'] };
  const introspect = (token: string) =>
    suite().postAs(suite().clients.introspector, 'introspection_endpoint', { token });
  const tokenOf = (text: string) => String(Object(JSON.parse(text)).access_token);

  describe('authorization details', () => {
    it('are granted as they were asked for, and stand in the answer and in the JWT (RFC 9396 §6, §7, §9.1)', async () => {
      const details = [payment, { ...payment, locations: [suite().resources.payments] }];
      const answer = await request('payments', details);
      const access_token = tokenOf(answer.text);
      const body = { access_token, token_type: 'Bearer', expires_in: 3600, scope: 'pay' };
      assertAnswer(answer, {
        ...{ status: 200, headers: UNCACHED },
        body: { ...body, authorization_details: details },
      });
      assert.deepEqual(decodeJwt(access_token)['authorization_details'], details);
    });

    for (const [resource, details] of [
      ['payments', [payment]],
      ['ledger', [account]],
    ] as const) {
      it(`are what introspection says of a token for ${resource} (RFC 9396 §9.2)`, async () => {
        const { text } = await request(resource, details);
        const answer = await introspect(tokenOf(text));
        assert.deepEqual(Object(JSON.parse(answer.text)).authorization_details, details);
      });
    }

    it('stand beside a scope that is asked for (RFC 9396 §3.1)', async () => {
      const { text } = await request('payments', [payment], { scope: 'pay' });
      const { scope, authorization_details } = Object(JSON.parse(text));
      assert.deepEqual([scope, authorization_details], ['pay', [payment]]);
    });

    it('stand nowhere when none are asked for (RFC 9396 §7)', async () => {
      const { clients, resources } = suite();
      const answer = await suite().requestToken(clients.payer, { resource: resources.payments });
      assert.equal('authorization_details' in decodeJwt(assertToken(answer, { scope: 'pay' })), false);
    });

    const { amount } = payment;
    for (const [what, details, fault] of [
      ['an unknown type', [{ type: 'nothing' }], '0.type is none that the client may use there'],
      [
        'a type that the client may not use',
        [{ type: 'refund' }],
        '0.type is none that the client may use there',
      ],
      ['a type of another resource', [account], '0.type is none that the client may use there'],
      ['no type', [{ amount }], '0.type is missing or not a string'],
      ['an unknown field', [{ ...payment, admin: true }], '0 has a field that its type does not have'],
      ['a field of another type', [{ ...payment, creditor: 7 }], '0.creditor is not a string'],
      [
        'an invalid value',
        [{ ...payment, amount: { ...amount, currency: 'XXX' } }],
        '0.amount.currency is none of the values that it can have',
      ],
      ['a required field missing', [{ type: 'payment_initiation', amount }], '0.creditor is missing'],
      [
        'a location that the token is not for',
        [{ ...payment, locations: ['https://other.example.com'] }],
        '0.locations is not a list of resources that the token is for',
      ],
      [
        'a name that means something to JavaScript',
        JSON.parse('[{"type":"payment_initiation","__proto__":{"amount":1}}]'),
        UNREADABLE,
      ],
      ['values that are too deep', [{ ...payment, creditor: [[[[[[['Zoë']]]]]]] }], UNREADABLE],
      ['a number that is none to some', [{ ...payment, amount: { ...amount, value: 2 ** 60 } }], UNREADABLE],
      ['no array', payment, 'it is a JSON array of 1 to 10 objects in at most 2048 bytes'],
      [
        'too much',
        [{ ...payment, creditor: 'x'.repeat(2_048) }],
        'it is a JSON array of 1 to 10 objects in at most 2048 bytes',
      ],
    ] as const) {
      it(`are refused as invalid_authorization_details, none of them granted: ${what} (RFC 9396 §5)`, async () => {
        const answer = await request('payments', details);
        assertError(answer, 'invalid_authorization_details', `authorization_details: ${fault}`);
      });
    }
  });
}
