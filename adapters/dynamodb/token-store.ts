import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { TokenStore } from '../../core/ports/token-store.ts';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';
import type { Table } from './client.ts';

/** The revoked tokens in the Tokens table; DynamoDB deletes each some time after it has expired. */
export function dynamodbTokenStore(table: Table): TokenStore {
  return {
    async revoke(jti, expiresAt) {
      const item = { record: revokedKey(jti), expires_at: expiresAt };
      const command = new PutItemCommand({ TableName: table.name, Item: marshall(item) });
      await orTemporarilyUnavailable(table.client.send(command));
    },
    async isRevoked(jti) {
      return (await table.read(revokedKey(jti))) !== undefined;
    },
  };
}

function revokedKey(jti: string): string {
  return `revoked#${jti}`;
}
