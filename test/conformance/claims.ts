import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertAnswer, UNCACHED } from './answers.ts';
import { genuineToken } from './genuine-token.ts';
import type { Suite } from './suite.ts';

/** What tokens say beside the claims of RFC 9068 §2.2: claims of clients and resources, and another subject. */
export function describeClaims(suite: () => Suite): void {
  const tokenFor = (resource: 'tiered' | 'orders') =>
    genuineToken(suite(), suite().clients.serviceAccount, suite().resources[resource]);
  /** The claims that no token without claims of an operator's has. */
  const additional = ({ iss, aud, exp, iat, jti, client_id, scope, ...rest }: GenuineClaims) => rest;

  describe('claims', () => {
    it('are those of the client and the resource, where both have one the client’s, and its roles and groups there (RFC 9068 §2.2.2, §2.2.3.1)', async () => {
      const { claims } = await tokenFor('tiered');
      assert.deepEqual(additional(claims), {
        sub: 'accounts/nightly job',
        tier: 'gold',
        region: 'eu',
        'https://example.com/tenant': { id: 7, names: ['acme', 'Zoë’s'], beta: true, ends: null },
        roles: ['clerk', 'auditor'],
        groups: ['nightly'],
      });
    });

    it('have at another resource neither the claims of this one nor the roles that are for it (RFC 9068 §2.2.3.1)', async () => {
      const { claims } = await tokenFor('orders');
      assert.deepEqual(additional(claims), {
        sub: 'accounts/nightly job',
        tier: 'gold',
        'https://example.com/tenant': { id: 7, names: ['acme', 'Zoë’s'], beta: true, ends: null },
        roles: ['guest'],
      });
    });

    it('name the client beside another subject (RFC 9068 §2.2)', async () => {
      const { claims } = await tokenFor('tiered');
      const { client_id } = suite().clients.serviceAccount;
      assert.deepEqual([claims['sub'], claims['client_id']], ['accounts/nightly job', client_id]);
    });

    it('are what introspection says too (RFC 7662 §2.2)', async () => {
      const { token, claims } = await tokenFor('tiered');
      const answer = await suite().postAs(suite().clients.introspector, 'introspection_endpoint', { token });
      const body = { active: true, token_type: 'Bearer', ...claims };
      assertAnswer(answer, { status: 200, headers: UNCACHED, body });
    });

    // The table of all that are reserved is tested where it is: each row here is a run of the command.
    for (const [name, sentence] of [
      ['sub', 'the claim sub is reserved'],
      ['cnf', 'the claim cnf is reserved'],
      ['__proto__', 'a claim cannot have the name __proto__'],
    ] as const) {
      it(`cannot be set by an operator where they are the issuer's: ${name} (RFC 9068 §5)`, async () => {
        const { target, clients } = suite();
        const update = ['clients', 'update', clients.serviceAccount.client_id];
        const refused = target.signet([...update, '--claims', `{"${name}":"x"}`]);
        await assert.rejects(refused, new RegExp(`claims: ${sentence}`));
      });
    }
  });
}

type GenuineClaims = Awaited<ReturnType<typeof genuineToken>>['claims'];
