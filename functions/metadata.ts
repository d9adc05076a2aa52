import { readSetting, SETTINGS } from '../adapters/environment.ts';
import { issuerMetadata } from '../core/metadata.ts';
import { documentEndpoint } from '../http/document-endpoint.ts';

const metadata = issuerMetadata(
  { identifier: readSetting(SETTINGS.issuer), mutualTlsUrl: readSetting(SETTINGS.mutualTlsUrl) },
  readSetting(SETTINGS.signingAlgs),
  { registration: readSetting(SETTINGS.registration) },
);

export const handler = documentEndpoint('metadata', () => metadata);
