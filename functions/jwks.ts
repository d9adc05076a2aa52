import { deployedSigningKeys } from '../adapters/deployed-issuer.ts';
import { deployedRequestLog } from '../adapters/deployed-request-log.ts';
import { connectDynamoDB } from '../adapters/dynamodb/client.ts';
import { systemClock } from '../core/clock.ts';
import { jsonWebKeySet } from '../core/jose/jwks.ts';
import { documentEndpoint } from '../http/document-endpoint.ts';

const signingKeys = deployedSigningKeys(connectDynamoDB());

export const handler = documentEndpoint(
  'jwks',
  async () => jsonWebKeySet(await signingKeys.load(), systemClock()),
  deployedRequestLog(),
);
