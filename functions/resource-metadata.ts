import { deployedRequestLog } from '../adapters/deployed-request-log.ts';
import { connectDynamoDB } from '../adapters/dynamodb/client.ts';
import { dynamodbRecordReader, RESOURCE } from '../adapters/dynamodb/record-reader.ts';
import { readSetting, SETTINGS } from '../adapters/environment.ts';
import { findResourceMetadata } from '../core/resource-metadata.ts';
import { documentEndpoint } from '../http/document-endpoint.ts';

const table = connectDynamoDB().table(readSetting(SETTINGS.clientsTable));
const issuer = {
  identifier: readSetting(SETTINGS.issuer),
  // Not from a cache, whose speed would tell which resources there are.
  resources: dynamodbRecordReader(table, RESOURCE),
};

export const handler = documentEndpoint(
  'resource-metadata',
  ({ request, record }) => findResourceMetadata(request.query.get('resource') ?? [], issuer, record),
  deployedRequestLog(),
);
