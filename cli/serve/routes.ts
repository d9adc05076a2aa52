import { introspect } from '../../core/introspection-endpoint.ts';
import type { Issuer } from '../../core/issuer.ts';
import { issuerPath } from '../../core/issuer-identifier.ts';
import type { Alg } from '../../core/jose/algorithms.ts';
import { jsonWebKeySet } from '../../core/jose/jwks.ts';
import { ENDPOINT_PATHS, issuerMetadata, metadataPaths, REGISTRATION_PATH } from '../../core/metadata.ts';
import type { Registrar } from '../../core/registration/registration-endpoint.ts';
import { findResourceMetadata, RESOURCE_METADATA_PATH } from '../../core/resource-metadata.ts';
import { revoke } from '../../core/revocation-endpoint.ts';
import { requestToken } from '../../core/token-endpoint.ts';
import { documentEndpoint } from '../../http/document-endpoint.ts';
import type { Handler } from '../../http/endpoint.ts';
import { formEndpoint } from '../../http/form-endpoint.ts';
import { signedIntrospectionEndpoint } from '../../http/introspection-endpoint.ts';
import { notFound } from '../../http/not-found.ts';
import { registrationEndpoint } from '../../http/registration-endpoint.ts';
import type { RequestLog } from '../../http/request-log.ts';

/**
 * Finds the handler of a path, as API Gateway's routes do for the deployed functions.
 *
 * @param registrar what clients register themselves with; they cannot when it is absent
 */
export function embeddedRoutes(
  issuer: Issuer,
  algs: readonly Alg[],
  log: RequestLog,
  registrar?: Registrar,
): (path: string) => Handler {
  const base = issuerPath(issuer.identifier);
  const settings = {
    ...issuer,
    registration: registrar !== undefined,
    clientSecretJwt: issuer.secretDerivation !== undefined,
  };
  const metadata = documentEndpoint('metadata', () => issuerMetadata(settings, algs), log);
  const token = formEndpoint(
    'token',
    (request, record, headers) => requestToken(request, issuer, record, headers),
    log,
  );
  const introspection = issuer.signedIntrospection
    ? signedIntrospectionEndpoint(issuer, log)
    : formEndpoint('introspection', (request, record) => introspect(request, issuer, record), log);
  const revocation = formEndpoint('revocation', (request, record) => revoke(request, issuer, record), log);
  const jwks = documentEndpoint(
    'jwks',
    async () => jsonWebKeySet(await issuer.signingKeys.load(), issuer.clock()),
    log,
  );
  const resourceMetadata = documentEndpoint(
    'resource-metadata',
    ({ request, record }) => findResourceMetadata(request.query.get('resource') ?? [], issuer, record),
    log,
  );
  const elsewhere = notFound(log);

  const routes = new Map(metadataPaths(base).map((path) => [path, metadata]));
  routes.set(base + ENDPOINT_PATHS.token_endpoint, token);
  routes.set(base + ENDPOINT_PATHS.introspection_endpoint, introspection);
  routes.set(base + ENDPOINT_PATHS.revocation_endpoint, revocation);
  routes.set(base + ENDPOINT_PATHS.jwks_uri, jwks);
  routes.set(base + RESOURCE_METADATA_PATH, resourceMetadata);
  if (registrar) routes.set(base + REGISTRATION_PATH, registrationEndpoint(registrar, log));
  return (path) => routes.get(path) ?? elsewhere;
}
