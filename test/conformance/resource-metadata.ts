import { describe, it } from 'node:test';
import { assertError } from './answers.ts';
import { assertDocument, itIsPublicDocument } from './documents.ts';
import type { Suite } from './suite.ts';
import type { Front } from './target.ts';

/** Where resources publish their metadata (RFC 9728), for their servers to serve it. */
export function describeResourceMetadata(suite: () => Suite, front: Front): void {
  const urlOf = (...identifiers: readonly string[]) => {
    const query = identifiers.map((identifier) => `resource=${encodeURIComponent(identifier)}`);
    return `${suite().issuer}/resource-metadata?${query.join('&')}`;
  };
  const send = (...identifiers: readonly string[]) => suite().wire.send(urlOf(...identifiers));

  describe('resource metadata', () => {
    it('names the issuer, the scopes and the pages of a resource that publishes it (RFC 9728 §2)', async () => {
      const { wire, issuer, resources } = suite();
      await assertDocument(wire, urlOf(resources.published), {
        resource: resources.published,
        authorization_servers: [issuer],
        scopes_supported: ['published:read'],
        bearer_methods_supported: ['header'],
        resource_name: 'Published',
        resource_documentation: 'https://docs.example.com/published',
      });
    });

    it('has no list that is empty (RFC 9728 §3.2)', async () => {
      const { wire, issuer, resources } = suite();
      await assertDocument(wire, urlOf(resources.publishedScopeless), {
        resource: resources.publishedScopeless,
        authorization_servers: [issuer],
        bearer_methods_supported: ['header'],
      });
    });

    for (const [what, identifierOf] of [
      ['publishes nothing', ({ resources }: Suite) => resources.orders],
      ['is disabled', ({ resources }: Suite) => resources.publishedClosed],
      ['is not there', () => 'https://unknown.example.com'],
      ['is spelt in another way', ({ resources }: Suite) => `${resources.published}/`],
      ['is a client', ({ clients }: Suite) => `client#${clients.shop.client_id}`],
    ] as const) {
      it(`answers 404 alike for a resource that ${what} (RFC 9728 §3)`, async () => {
        const description = 'no resource of this identifier publishes its metadata here';
        assertError(await send(identifierOf(suite())), 'not_found', description);
      });
    }

    it('refuses a request that names no resource, or two, as invalid_request (RFC 9728 §3)', async () => {
      const { published } = suite().resources;
      const description = 'the query has the parameter resource once: the identifier of an API';
      assertError(await send(), 'invalid_request', description);
      assertError(await send(published, published), 'invalid_request', description);
    });

    itIsPublicDocument(() => ({ wire: suite().wire, url: urlOf(suite().resources.published) }), front);
  });
}
