import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toHttpRequest } from '../../http/api-gateway.ts';
import { httpApiEvent } from '../support/api-gateway-events.ts';
import { EVENTS } from '../support/in-memory-endpoints.ts';

const HEADERS = { 'X-Amzn-Mtls-Clientcert': 'PEM', 'X-Forwarded-Client-Cert': 'PEM', 'Client-Cert': ':PEM:' };

describe('the certificate of a request', () => {
  for (const [api, toEvent] of Object.entries(EVENTS)) {
    it(`is that of the connection to a ${api}, which took it from its trust store`, () => {
      const { clientCertificate } = toHttpRequest(toEvent({ pem: 'PEM' }));
      assert.deepEqual(clientCertificate, { pem: 'PEM', trusted: true });
    });

    it(`never comes from a header, of a ${api}`, () => {
      assert.equal(toHttpRequest(toEvent({ headers: HEADERS })).clientCertificate, undefined);
    });
  }

  for (const trusted of [true, false]) {
    it(`is as ${trusted ? '' : 'un'}trusted as the embedded server says`, () => {
      const event = httpApiEvent({});
      const authentication = { clientCert: { clientCertPem: 'PEM', trusted } };
      const requestContext = { ...event.requestContext, authentication };
      assert.deepEqual(toHttpRequest({ ...event, requestContext }).clientCertificate, {
        pem: 'PEM',
        trusted,
      });
    });
  }
});
