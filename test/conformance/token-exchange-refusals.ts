import { describe, it } from 'node:test';
import { assertError, assertNotAuthenticated } from './answers.ts';
import { ACCESS_TOKEN, exchangeOf, JWT, TOKEN_EXCHANGE } from './exchanged.ts';
import { compactJws, type GenuineToken, genuineToken } from './genuine-token.ts';
import type { Suite } from './suite.ts';

const NOT_EXCHANGEABLE = (name: string) =>
  `the ${name} is none that the client may exchange (RFC 8693 section 2.2.2)`;
const MISSING = (name: string) => `${name} is missing from the body (RFC 8693 section 2.1)`;
const TYPES = (name: string) => `${name} is one of: ${ACCESS_TOKEN}, ${JWT}`;
const NO_TARGET = 'the client may have no token for this resource';

/** What token exchange refuses (RFC 8693 §2.2.2). */
export function describeTokenExchangeRefusals(suite: () => Suite): void {
  const { subjectToken, exchange } = exchangeOf(suite);
  const genuine = () => genuineToken(suite(), suite().clients.shop, suite().resources.orders);

  describe('token exchange', () => {
    for (const [what, make] of [
      ['is none', () => 'a-token-that-nobody-issued'],
      [
        'has expired',
        ({ header, claims, sign }) => compactJws(header, { ...claims, exp: 1_700_000_000 }, sign),
      ],
      ['nobody signed', ({ header, claims }) => compactJws(header, claims, () => Buffer.alloc(256, 1))],
      [
        'says that it is not signed',
        ({ header, claims }) => compactJws({ ...header, alg: 'none' }, claims, () => Buffer.alloc(0)),
      ],
      [
        'is of another type',
        ({ header, claims, sign }) => compactJws({ ...header, typ: 'JWT' }, claims, sign),
      ],
      [
        'is of another issuer',
        ({ header, claims, sign }) =>
          compactJws(header, { ...claims, iss: 'https://evil.example.com' }, sign),
      ],
      [
        'is bound to a key that nobody shows',
        ({ header, claims, sign }) => compactJws(header, { ...claims, cnf: { jkt: 'x' } }, sign),
      ],
      [
        'names another in may_act',
        ({ header, claims, sign }) => compactJws(header, { ...claims, may_act: { sub: 'another' } }, sign),
      ],
      [
        'has passed through five actors',
        ({ header, claims, sign }) => compactJws(header, { ...claims, act: actors(5) }, sign),
      ],
      ['is for a resource of others', () => ofOthers()],
      [
        'is for a resource of others, though the client acted before',
        ({ header, claims, sign }) => {
          const act = { sub: 'another', act: { sub: suite().clients.exchanger.client_id } };
          return compactJws(header, { ...claims, aud: suite().resources.returns, act }, sign);
        },
      ],
      ['was revoked', (token) => revoked(token)],
    ] as const satisfies readonly (readonly [
      string,
      (genuine: GenuineToken) => Promise<string> | string,
    ])[]) {
      it(`refuses a subject token that ${what} as invalid_request (RFC 8693 §2.2.2)`, async () => {
        const answer = await exchange(await make(await genuine()));
        assertError(answer, 'invalid_request', NOT_EXCHANGEABLE('subject_token'));
      });
    }

    const ofOthers = async () =>
      (await genuineToken(suite(), suite().clients.shop, suite().resources.invoices)).token;
    const revoked = async ({ token }: GenuineToken) => {
      await suite().postAs(suite().clients.shop, 'revocation_endpoint', { token });
      return token;
    };

    for (const [what, parameters, description] of [
      ['without subject_token', { subject_token: '' }, MISSING('subject_token')],
      ['without subject_token_type', { subject_token_type: '' }, MISSING('subject_token_type')],
      ['with another subject_token_type', { subject_token_type: idToken() }, TYPES('subject_token_type')],
      [
        'with another requested_token_type',
        { requested_token_type: idToken() },
        TYPES('requested_token_type'),
      ],
      ['with an actor_token_type alone', { actor_token_type: JWT }, MISSING('actor_token')],
      ['with an actor_token alone', { actor_token: 'x' }, MISSING('actor_token_type')],
      [
        'with an actor_token that is none',
        { actor_token: 'x', actor_token_type: JWT },
        NOT_EXCHANGEABLE('actor_token'),
      ],
    ] as const) {
      it(`refuses a request ${what} as invalid_request (RFC 8693 §2.1, §2.2.2)`, async () => {
        assertError(await exchange(await subjectToken(), parameters), 'invalid_request', description);
      });
    }

    it('refuses an actor_token of another as invalid_request (RFC 8693 §2.2.2)', async () => {
      const token = await subjectToken();
      const answer = await exchange(token, { actor_token: token, actor_token_type: ACCESS_TOKEN });
      assertError(answer, 'invalid_request', NOT_EXCHANGEABLE('actor_token'));
    });

    it('refuses a JWT where the resource has reference tokens as invalid_request (RFC 8693 §2.2.2)', async () => {
      const { ledger: resource } = suite().resources;
      const answer = await exchange(await subjectToken(), { resource, requested_token_type: JWT });
      const description = `the tokens of this resource are no JWTs: ask for ${ACCESS_TOKEN}`;
      assertError(answer, 'invalid_request', description);
    });

    it('refuses a target that is none of the client’s as invalid_target (RFC 8693 §2.2.2)', async () => {
      const token = await subjectToken();
      const { invoices, mail, closed, returns } = suite().resources;
      const malformed = ['returns', `${returns}#fragment`, `${returns}#`];
      for (const target of [invoices, mail, closed, 'https://nobody.example.com', ...malformed]) {
        assertError(await exchange(token, { resource: target }), 'invalid_target', NO_TARGET);
        assertError(await exchange(token, { resource: '', audience: target }), 'invalid_target', NO_TARGET);
      }
    });

    it('refuses more scope than the client or the subject token has as invalid_scope (RFC 8693 §2.2.2)', async () => {
      const { orders: resource } = suite().resources;
      const answer = await exchange(await subjectToken(), { resource, scope: 'orders:read orders:delete' });
      const description = 'the client may not have this scope at this resource: orders:delete';
      assertError(answer, 'invalid_scope', description);
    });

    it('is for clients that are registered for it: others are unauthorized_client (RFC 8693 §2.1, §5)', async () => {
      const { shop } = suite().clients;
      const answer = await exchange(await subjectToken(), {}, shop);
      const description = `the client is not registered for the grant ${TOKEN_EXCHANGE}`;
      assertError(answer, 'unauthorized_client', description);
    });

    it('authenticates the client, whatever token it has (RFC 8693 §2.1)', async () => {
      const { client_id } = suite().clients.exchanger;
      const { client_secret } = suite().clients.shop;
      assertNotAuthenticated(await exchange(await subjectToken(), {}, { client_id, client_secret }));
    });
  });
}

function idToken(): string {
  return 'urn:ietf:params:oauth:token-type:id_token';
}

function actors(count: number): object {
  return count > 1 ? { sub: 'a', act: actors(count - 1) } : { sub: 'a' };
}
