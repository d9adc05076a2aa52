import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsonWebKeySet } from '../../../core/jose/jwks.ts';
import { decodeJwt } from '../../../core/jose/jwt.ts';
import { createExchangingIssuer, refusedToken } from '../../support/exchanging-issuer.ts';
import { publishIssuer } from '../../support/published-issuer.ts';
import { RESOURCE } from '../../support/test-issuer.ts';

const NOW = 1_800_000_000;

describe('a token of this issuer', () => {
  it('is never exchanged as one of another, also where an entry lists this issuer: it goes by what may be exchanged of its kind, and is refused once revoked', async () => {
    const issuer = await createExchangingIssuer();
    const { identifier } = issuer;
    const { keys } = jsonWebKeySet(await issuer.signingKeys.load(), NOW);
    publishIssuer(issuer.published, identifier, keys);
    const listed = { issuer: identifier, subject: 'shop', local_subject: 'admin', audience: RESOURCE };
    await issuer.update('backend', {
      token_exchange_subject_resources: null,
      token_exchange_foreign_subjects: [listed],
    });
    const own = await issuer.tokenOf();
    await assert.rejects(issuer.exchange(own), refusedToken('subject_token', 'not_for_client'));

    await issuer.update('backend', { token_exchange_subject_resources: [RESOURCE] });
    const { access_token } = await issuer.exchange(own);
    assert.equal(decodeJwt(access_token)?.claims['sub'], 'shop');
    await issuer.tokens.revoke(String(decodeJwt(own)?.claims['jti']), NOW + 3_600);
    await assert.rejects(issuer.exchange(own), refusedToken('subject_token', 'revoked'));
  });
});
