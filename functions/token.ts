import {
  deployedAssertions,
  deployedClients,
  deployedResources,
  deployedSigningKeys,
} from '../adapters/deployed-issuer.ts';
import { deployedRequestLog } from '../adapters/deployed-request-log.ts';
import { connectDynamoDB } from '../adapters/dynamodb/client.ts';
import { dynamodbReplayStore } from '../adapters/dynamodb/replay-store.ts';
import { dynamodbTokenStore } from '../adapters/dynamodb/token-store.ts';
import { readSetting, SETTINGS } from '../adapters/environment.ts';
import { createKmsClient } from '../adapters/kms/client.ts';
import { deployedSigner } from '../adapters/kms/deployed-signer.ts';
import { configuredSecretDerivation } from '../adapters/kms/secret-derivation.ts';
import { lambdaTokenHook } from '../adapters/lambda/token-hook.ts';
import { systemClock } from '../core/clock.ts';
import { withDpopNonces } from '../core/dpop/dpop-nonces.ts';
import { requestToken } from '../core/token-endpoint.ts';
import { formEndpoint } from '../http/form-endpoint.ts';

const dynamodb = connectDynamoDB();
const kms = createKmsClient();
const hookArn = readSetting(SETTINGS.tokenHook);
const tokensTable = dynamodb.table(readSetting(SETTINGS.tokensTable));
const [defaultAlg] = readSetting(SETTINGS.signingAlgs);

const issuer = withDpopNonces(
  {
    ...deployedAssertions(),
    mutualTlsUrl: readSetting(SETTINGS.mutualTlsUrl),
    defaultAlg,
    accessTokenLifetimeSeconds: readSetting(SETTINGS.accessTokenLifetime),
    clients: deployedClients(dynamodb),
    resources: deployedResources(dynamodb),
    signingKeys: deployedSigningKeys(dynamodb),
    signer: deployedSigner(kms),
    tokens: dynamodbTokenStore(tokensTable),
    replays: dynamodbReplayStore(tokensTable, systemClock),
    secretDerivation: configuredSecretDerivation(() => kms),
    tokenHook: hookArn === undefined ? undefined : lambdaTokenHook(hookArn),
    clock: systemClock,
  },
  readSetting(SETTINGS.dpopNonces),
);

export const handler = formEndpoint(
  'token',
  (request, record, headers) => requestToken(request, issuer, record, headers),
  deployedRequestLog(),
);
