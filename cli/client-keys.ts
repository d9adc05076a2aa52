import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { OAuthError } from '../core/oauth-error.ts';

/** What stands for standard input where a file is named. */
const STANDARD_INPUT = '-';

/**
 * Reads the public keys of a client: a JWK Set, or one JWK as a set of it.
 *
 * @throws OAuthError `invalid_request` when there is no such file, or no JSON in it
 */
export async function readJwks(file: string | undefined): Promise<unknown> {
  if (file === undefined) return undefined;
  const json = parseJson(await readText(file), file);
  return Object.hasOwn(Object(json), 'kty') ? { keys: [json] } : json;
}

/**
 * Reads the keys of certificates, the first of each file, with the certificate in their `x5c` (RFC 7517 §4.7).
 *
 * @throws OAuthError `invalid_request` when there is no such file, or no certificate in it
 */
export async function readCertificates(files: readonly string[] | undefined): Promise<unknown> {
  if (files === undefined) return undefined;
  return { keys: await Promise.all(files.map(readCertificate)) };
}

async function readCertificate(file: string): Promise<unknown> {
  const { publicKey, raw } = parseCertificate(await readText(file), file);
  return { ...publicKey.export({ format: 'jwk' }), x5c: [raw.toString('base64')] };
}

function parseCertificate(pem: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new OAuthError('invalid_request', `${file} has no certificate in it: give one in PEM`, { cause });
  }
}

async function readText(file: string): Promise<string> {
  if (file === STANDARD_INPUT) return text(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const description = `${file} cannot be read: name a file that can, or - for standard input`;
    throw new OAuthError('invalid_request', description, { cause });
  }
}

function parseJson(json: string, file: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    const from = file === STANDARD_INPUT ? 'standard input' : file;
    const description = `${from} has no JSON in it: give a JWK Set or one JWK, of public keys`;
    throw new OAuthError('invalid_request', description, { cause });
  }
}
