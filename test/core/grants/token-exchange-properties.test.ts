import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { referenceTokenJti } from '../../../core/access-token/reference-token.ts';
import { decodeJwt } from '../../../core/jose/jwt.ts';
import { updateResource } from '../../../core/management/resources.ts';
import { OAuthError } from '../../../core/oauth-error.ts';
import { requestToken } from '../../../core/token-endpoint.ts';
import {
  ACCESS_TOKEN,
  BILLING,
  createExchangingIssuer,
  type ExchangingIssuer,
  JWT,
  LEDGER,
  TOKEN_EXCHANGE,
} from '../../support/exchanging-issuer.ts';
import { basic, oauthRequest } from '../../support/oauth-request.ts';
import { resourceIdentifier } from '../../support/records.ts';
import { RESOURCE } from '../../support/test-issuer.ts';

const NOW = 1_800_000_000;

let issuer: ExchangingIssuer;
beforeEach(async () => {
  issuer = await createExchangingIssuer();
});

/** One exchange of a journey: what is asked, what the operator has changed before, and how much time has passed. */
interface Step {
  readonly scope: readonly string[] | null;
  readonly seconds: number;
  readonly lifetime: number;
  readonly token_type: string;
  readonly resource: string;
  readonly impersonate: boolean;
}

const scopes = fc.subarray(['read', 'write']);
const step: fc.Arbitrary<Step> = fc.record({
  scope: fc.option(scopes),
  seconds: fc.nat({ max: 1_500 }),
  lifetime: fc.integer({ min: 60, max: 86_400 }),
  token_type: fc.constantFrom(ACCESS_TOKEN, JWT),
  resource: fc.constantFrom(RESOURCE, LEDGER),
  impersonate: fc.boolean(),
});
const journey = fc.record({ first: scopes, steps: fc.array(step, { minLength: 1, maxLength: 7 }) });

/** Exchanges a token; undefined when that is refused, as it may be. */
async function take(token: string, { token_type, ...asked }: Step): Promise<string | undefined> {
  issuer.time.now += asked.seconds;
  await issuer.update('backend', { token_exchange_impersonation: asked.impersonate });
  await updateResource(resourceIdentifier(RESOURCE), { access_token_lifetime: asked.lifetime }, issuer);
  const types = { subject_token_type: token_type, requested_token_type: token_type };
  const form = { resource: asked.resource, scope: asked.scope?.join(' ') ?? '', ...types };
  try {
    return (await issuer.exchange(token, form)).access_token;
  } catch (error) {
    assert.ok(error instanceof OAuthError && error.status < 500, String(error));
    return undefined;
  }
}

/** What a token of either format says. */
async function said(token: string) {
  const found = decodeJwt(token)?.claims ?? (await issuer.tokens.find(referenceTokenJti(token))) ?? {};
  const { sub, exp, aud, scope = '', act } = found as Readonly<Record<string, unknown>>;
  const actors = JSON.stringify(act ?? {}).split('"sub"').length;
  return { sub, exp: Number(exp), aud, actors, scope: new Set(String(scope).split(' ')) };
}

describe('token exchange', () => {
  it('gives by no exchange, or series of them, more scope, a longer life or another subject than the subject token had', async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(journey, async ({ first, steps }) => {
        issuer.time.now = NOW;
        let token = await issuer.tokenOf({ scope: first.join(' ') });
        for (const next of steps) {
          const got = await take(token, next);
          if (got === undefined) continue;
          taken += 1;
          const [before, after] = [await said(token), await said(got)];
          assert.equal(after.sub, before.sub);
          assert.ok(after.exp <= before.exp && after.exp > issuer.time.now);
          assert.ok(after.actors >= before.actors);
          if (after.aud === before.aud) assert.ok(after.scope.isSubsetOf(before.scope));
          token = got;
        }
      }),
      { numRuns: 300 },
    );
    assert.ok(taken > 300, `${taken} exchanges were none that is refused`);
  });

  it('makes of no form an error but ours, and of none that is not genuine a token', async () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(ACCESS_TOKEN, JWT, RESOURCE, BILLING, 'read', '__proto__', 'e30.e30.e30'),
    );
    const names = ['subject_token', 'subject_token_type', 'actor_token', 'actor_token_type'] as const;
    const others = ['requested_token_type', 'resource', 'audience', 'scope'] as const;
    const form = fc.record(Object.fromEntries([...names, ...others].map((name) => [name, value])), {
      requiredKeys: [],
    });
    const authorization = basic('backend', issuer.client_secret);
    await fc.assert(
      fc.asyncProperty(form, fc.boolean(), async (sent, usual) => {
        const types = { subject_token_type: ACCESS_TOKEN, resource: BILLING };
        const body = { grant_type: TOKEN_EXCHANGE, ...sent, ...(usual ? types : {}) };
        const outcome = await Promise.resolve()
          .then(() => requestToken(oauthRequest(authorization, body), issuer, {}))
          .catch((error: unknown) => error);
        assert.ok(outcome instanceof OAuthError, String(outcome));
        assert.ok(['invalid_request', 'invalid_target', 'invalid_scope'].includes(outcome.code));
      }),
      { numRuns: 2_000 },
    );
  });
});
