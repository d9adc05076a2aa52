import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { AccessTokenClaimsSchema } from '../../core/access-token/access-token-claims.ts';
import type { TokenStore } from '../../core/ports/token-store.ts';
import { orTemporarilyUnavailable } from '../aws/temporary-fault.ts';
import type { Table } from './client.ts';

/** How a reference token stands in the Tokens table, beside its key and time to live. */
export const ReferenceTokenItemSchema = v.object({ claims: AccessTokenClaimsSchema });

/** The reference tokens and the revoked ones in the Tokens table; DynamoDB deletes each some time after it has expired. */
export function dynamodbTokenStore(table: Table): TokenStore {
  const put = async (item: { readonly record: string; readonly expires_at: number }) => {
    const command = new PutItemCommand({ TableName: table.name, Item: marshall(item) });
    await orTemporarilyUnavailable(table.client.send(command));
  };
  return {
    async add(claims) {
      const item = { record: referenceKey(claims.jti), expires_at: claims.exp, claims };
      await put(item);
    },
    async find(jti) {
      const item = await table.read(referenceKey(jti));
      return item === undefined ? undefined : v.parse(ReferenceTokenItemSchema, item).claims;
    },
    async revoke(jti, expiresAt) {
      await put({ record: revokedKey(jti), expires_at: expiresAt });
    },
    async isRevoked(jti) {
      return (await table.read(revokedKey(jti))) !== undefined;
    },
  };
}

function referenceKey(jti: string): string {
  return `reference#${jti}`;
}

/** A key of its own, so that no late try to add a token takes its revocation back. */
function revokedKey(jti: string): string {
  return `revoked#${jti}`;
}
