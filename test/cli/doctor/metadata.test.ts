import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { metadata } from '../../../cli/doctor/metadata.ts';
import { issuerMetadata } from '../../../core/metadata.ts';
import { found, healthyDeployment, ISSUER, withDocument } from './healthy-deployment.ts';

const OPENID = `${ISSUER}/.well-known/openid-configuration`;
const MEND =
  'see where the name of the issuer leads to, for another stack or a cache answers there, or deploy this version: npx cdk deploy';

describe('signet doctor: metadata', () => {
  it('finds each place where it cannot be had', async () => {
    const deployment = {
      ...(await healthyDeployment()),
      fetchDocument: async (url: string) => ({ found: `${url} answers 502`, mend: 'Look.' }),
    };
    assert.deepEqual(await found(metadata, deployment), [
      `${ISSUER}/.well-known/oauth-authorization-server answers 502 | Look.`,
      `${OPENID} answers 502 | Look.`,
    ]);
  });

  for (const [what, members, untold] of [
    ['of another issuer', { issuer: 'https://other.example.com' }, `issuer ${ISSUER}`],
    [
      'that leads elsewhere',
      { jwks_uri: 'https://other.example.com/jwks', token_endpoint: `${ISSUER}/token/` },
      `token_endpoint ${ISSUER}/token, jwks_uri ${ISSUER}/.well-known/jwks.json`,
    ],
    ['that is not complete', { grant_types_supported: undefined }, 'grant_types_supported'],
  ] as const) {
    it(`finds a document ${what}`, async () => {
      const document = { ...issuerMetadata({ identifier: ISSUER }, ['ES256']), ...members };
      const deployment = withDocument(await healthyDeployment(), OPENID, document);
      assert.deepEqual(await found(metadata, deployment), [`${OPENID} does not tell ${untold} | ${MEND}`]);
    });
  }

  it('looks in each place for an issuer with a path (RFC 8414 §3.1)', async () => {
    const urls: string[] = [];
    const deployment = {
      ...(await healthyDeployment()),
      outputs: new Map([['SignetIssuer', `${ISSUER}/realm`]]),
      fetchDocument: async (url: string) => {
        urls.push(url);
        return { document: issuerMetadata({ identifier: `${ISSUER}/realm` }, []), answeredAt: undefined };
      },
    };
    assert.deepEqual(await found(metadata, deployment), []);
    assert.deepEqual(urls, [
      `${ISSUER}/.well-known/oauth-authorization-server/realm`,
      `${ISSUER}/realm/.well-known/oauth-authorization-server`,
      `${ISSUER}/.well-known/openid-configuration/realm`,
      `${ISSUER}/realm/.well-known/openid-configuration`,
    ]);
  });

  it('needs the output that has the issuer', async () => {
    const deployment = { ...(await healthyDeployment()), outputs: new Map() };
    await assert.rejects(found(metadata, deployment), /^Error: the stack Signet has no output SignetIssuer$/);
  });
});
