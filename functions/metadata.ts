import { deployedRequestLog } from '../adapters/deployed-request-log.ts';
import { readSetting, SETTINGS } from '../adapters/environment.ts';
import { issuerMetadata } from '../core/metadata.ts';
import { documentEndpoint } from '../http/document-endpoint.ts';

const metadata = issuerMetadata(
  {
    identifier: readSetting(SETTINGS.issuer),
    mutualTlsUrl: readSetting(SETTINGS.mutualTlsUrl),
    registration: readSetting(SETTINGS.registration),
    signedIntrospection: readSetting(SETTINGS.signedIntrospection),
    clientSecretJwt: readSetting(SETTINGS.clientSecretJwt),
  },
  readSetting(SETTINGS.signingAlgs),
);

export const handler = documentEndpoint('metadata', () => metadata, deployedRequestLog());
