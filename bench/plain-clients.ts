import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');

/** The yardstick of imports: the AWS clients that a token takes, and nothing else. */
const PLAIN_CLIENTS = `
export { BatchGetItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
export { DecryptCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
`;

/** Bundles the AWS clients as esbuild does for Node unless told otherwise, but minified, into a file. */
export async function bundlePlainClients(file: string): Promise<void> {
  await build({
    stdin: { contents: PLAIN_CLIENTS, resolveDir: ROOT },
    outfile: file,
    bundle: true,
    platform: 'node',
    minify: true,
    logLevel: 'warning',
  });
}
