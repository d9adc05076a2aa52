import * as v from 'valibot';
import type { JsonObject } from '../json-object.ts';
import { DocumentUnavailableError, type JsonDocumentReader } from '../ports/json-document-reader.ts';
import { HttpsUrlSchema } from './https-url.ts';

const MetadataSchema = v.object({ issuer: v.string(), jwks_uri: HttpsUrlSchema });

/**
 * Finds where an issuer publishes its keys: by OpenID discovery, which nearly all have, or by RFC 8414.
 *
 * @throws DocumentUnavailableError when it has neither, or says there that it is another (RFC 8414 §3.3)
 */
export async function discoverJwksUri(issuer: string, documents: JsonDocumentReader): Promise<string> {
  const metadata = v.safeParse(MetadataSchema, await readMetadata(issuer, documents));
  if (!metadata.success) {
    throw new DocumentUnavailableError(
      issuer,
      'its metadata has no issuer or no jwks_uri that is an https URL',
    );
  }
  if (metadata.output.issuer !== issuer) {
    throw new DocumentUnavailableError(issuer, 'its metadata is of another issuer');
  }
  return metadata.output.jwks_uri;
}

async function readMetadata(issuer: string, documents: JsonDocumentReader): Promise<JsonObject> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  try {
    return await documents.read(`${origin}${path}/.well-known/openid-configuration`);
  } catch (error) {
    if (!(error instanceof DocumentUnavailableError)) throw error;
    return documents.read(`${origin}/.well-known/oauth-authorization-server${path}`);
  }
}
