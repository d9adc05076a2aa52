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
import { systemClock } from '../core/clock.ts';
import { signedIntrospectionEndpoint } from '../http/introspection-endpoint.ts';

const dynamodb = connectDynamoDB();
const kms = createKmsClient();
const tokensTable = dynamodb.table(readSetting(SETTINGS.tokensTable));
const [defaultAlg] = readSetting(SETTINGS.signingAlgs);

export const handler = signedIntrospectionEndpoint(
  {
    ...deployedAssertions(),
    defaultAlg,
    clients: deployedClients(dynamodb),
    resources: deployedResources(dynamodb),
    signingKeys: deployedSigningKeys(dynamodb),
    signer: deployedSigner(kms),
    tokens: dynamodbTokenStore(tokensTable),
    replays: dynamodbReplayStore(tokensTable, systemClock),
    secretDerivation: configuredSecretDerivation(() => kms),
    clock: systemClock,
  },
  deployedRequestLog(),
);
