import { describe, it } from 'node:test';
import { assertError, assertNotAuthenticated, assertToken } from './answers.ts';
import { type Credentials, ORDERS_SCOPE } from './registrations.ts';
import { basic, rawBasic, type Suite } from './suite.ts';

const GRANT = { grant_type: 'client_credentials' };

const UNREADABLE =
  'the Authorization header is not Basic with base64 of client_id, colon, client_secret (RFC 6749 section 2.3.1)';

/** Headers that begin as Basic and cannot be read, or that are not of the form of credentials at all (RFC 9110 §11.4). */
const BROKEN: readonly (readonly [what: string, authorization: string])[] = [
  ['no credentials', 'Basic'],
  ['no base64', 'Basic client:secret'],
  ['base64url', `Basic ${btoa('client:secret???>>>').replaceAll('/', '_').replaceAll('+', '-')}`],
  ['base64 with spaces in it', 'Basic Y2xp ZW50 OnM='],
  ['base64 with padding in the middle', 'Basic Y2xpZW50=OnM='],
  ['base64 with three padding characters', 'Basic Y2xpZW50OnM==='],
  ['no colon', `Basic ${btoa('client')}`],
  ['nothing but padding', 'Basic =='],
  ['bytes that are not UTF-8', `Basic ${btoa('client:\xff\xfe')}`],
  ['an overlong UTF-8 sequence', `Basic ${btoa('client\xc0\xba:secret')}`],
  ['a secret of 1,025 characters', `Basic ${btoa(`client:${'s'.repeat(1025)}`)}`],
  ['two credentials in one header', `Basic ${btoa('a:b')}, Basic ${btoa('a:b')}`],
  ['no scheme', `=${btoa('client:secret')}`],
  ['a quoted scheme', `"Basic" ${btoa('client:secret')}`],
];

const OTHER_SCHEMES: readonly string[] = [
  'Bearer mF_9.B5f-4.1JqM',
  'Digest username="client", realm="signet", nonce="n", uri="/token", response="r"',
  'Negotiate YII=',
  'DPoP mF_9.B5f-4.1JqM',
  'BasicAuth Y2xpZW50OnNlY3JldA==',
  'Basics',
];

/** Credentials that can be read, and are nobody's. */
const NOBODY: readonly (readonly [what: string, userPass: string])[] = [
  ['an empty client_id and secret', ':'],
  ['an empty client_id', ':secret'],
  ['an empty secret', 'client:'],
  ['NUL bytes', 'cli\0ent:sec\0ret'],
  ['control characters', 'cli\r\nent:sec\x1bret'],
  ['percent-encoded NUL bytes', 'cli%00ent:sec%00ret'],
  ['broken percent-encoding', 'cli%ent:%zz%'],
  ['percent-encoding that is not UTF-8', 'client%ff:secret%c3'],
  ['__proto__', '__proto__:constructor'],
  ['constructor', 'constructor:prototype'],
  ['a client_id of 5,000 characters', `${'c'.repeat(5000)}:secret`],
];

/** Client authentication by the `Authorization` header (RFC 6749 §2.3.1, RFC 7617). */
export function describeClientSecretBasic(suite: () => Suite): void {
  const imported = [
    ['escapes', '%2B'],
    ['brokenEscapes', '%zz'],
  ] as const;
  const post = (authorization: string | string[], form = {}) =>
    suite().post('token_endpoint', { ...GRANT, ...form }, { Authorization: authorization });
  const assertAccepted = async (authorization: string) =>
    assertToken(await post(authorization), { scope: ORDERS_SCOPE });

  describe('client_secret_basic', () => {
    for (const [name, part] of imported) {
      it(`authenticates a client with ${part} in its secret that encodes id and secret as a form does (RFC 6749 §2.3.1)`, async () => {
        await assertAccepted(basic(suite().clients[name]));
      });

      it(`authenticates a client with ${part} in its secret that sends id and secret as they stand (RFC 7617 §2)`, async () => {
        await assertAccepted(rawBasic(suite().clients[name]));
      });

      it(`authenticates a client with ${part} in its secret that encodes spaces as %20 (RFC 3986 §2.1)`, async () => {
        await assertAccepted(rawBasic(encodeByUri(suite().clients[name])));
      });
    }

    it('authenticates a client with a colon in its id that encodes it (RFC 6749 §2.3.1)', async () => {
      await assertAccepted(basic(suite().clients.colon));
    });

    it('reads a colon in the id that is not encoded as the end of the id (RFC 7617 §2)', async () => {
      assertNotAuthenticated(await post(rawBasic(suite().clients.colon)));
    });

    it('takes no other encoding of a secret for the secret', async () => {
      const { client_id, client_secret } = suite().clients.escapes;
      for (const other of [
        decodeURIComponent(client_secret),
        encodeURIComponent(encodeURIComponent(client_secret)),
      ]) {
        assertNotAuthenticated(await post(rawBasic({ client_id, client_secret: other })));
      }
    });

    for (const scheme of ['basic', 'BASIC', 'Basic  ']) {
      it(`reads the scheme in any case and the spaces behind it: "${scheme}" (RFC 9110 §11.1)`, async () => {
        await assertAccepted(basic(suite().clients.singleResource).replace('Basic', scheme));
      });
    }

    it('takes a client_id in the body that is that of the header (RFC 6749 §2.3.1)', async () => {
      const { client_id, client_secret } = suite().clients.singleResource;
      const answer = await post(basic({ client_id, client_secret }), { client_id });
      assertToken(answer, { scope: ORDERS_SCOPE });
    });

    it('refuses a client_id in the body that is another than that of the header as invalid_request (RFC 6749 §5.2)', async () => {
      const { singleResource, shop } = suite().clients;
      const answer = await post(basic(singleResource), { client_id: shop.client_id });
      assertError(answer, 'invalid_request', 'client_id in the body is not that of the authenticated client');
    });

    for (const [what, authorization] of BROKEN) {
      it(`refuses a broken Authorization header as invalid_request: ${what} (RFC 6749 §5.2)`, async () => {
        assertError(await post(authorization), 'invalid_request', UNREADABLE);
      });
    }

    it('refuses two Authorization headers as invalid_request (RFC 6749 §2.3)', async () => {
      const { singleResource } = suite().clients;
      const answer = await post([basic(singleResource), basic(singleResource)]);
      assertError(answer, 'invalid_request', UNREADABLE);
    });

    for (const authorization of OTHER_SCHEMES) {
      const scheme = authorization.split(' ')[0];
      it(`refuses another scheme as invalid_client: ${scheme} (RFC 6749 §5.2)`, async () => {
        assertNotAuthenticated(await post(authorization));
      });
    }

    for (const [what, userPass] of NOBODY) {
      it(`refuses credentials that are nobody's as invalid_client: ${what} (RFC 6749 §5.2)`, async () => {
        assertNotAuthenticated(await post(`Basic ${Buffer.from(userPass).toString('base64')}`));
      });
    }

    it('refuses a client that is registered for client_secret_post as invalid_client (RFC 7591 §2)', async () => {
      assertNotAuthenticated(await post(basic(suite().clients.postOnly)));
    });
  });
}

function encodeByUri({ client_id, client_secret }: Credentials): Credentials {
  return { client_id: encodeURIComponent(client_id), client_secret: encodeURIComponent(client_secret) };
}
