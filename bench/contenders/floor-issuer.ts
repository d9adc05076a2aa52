import { createPublicKey, hash, sign, timingSafeEqual, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { generateKeyPairFor } from '../../adapters/embedded/key-pair.ts';
import { createJti } from '../../core/access-token/jti.ts';
import { createClientSecret } from '../../core/client-secret.ts';
import { type Alg, keyWithOptions, signingAlgorithm } from '../../core/jose/algorithms.ts';
import { LIFETIME_SECONDS, RESOURCE } from './measured-server.ts';

const signInThread = promisify(sign);

/**
 * How signatures are made: at once, or in libuv's pool, both by a key that carries its options; or at once with the options beside the key,
 * as node:crypto's documentation has it, which costs more.
 */
export type Signing = 'sync' | 'pool' | 'documented';

/** The least work that makes a token or reads one. */
export interface FloorIssuer {
  readonly client: { readonly client_id: string; readonly client_secret: string };
  /** Answers a token request: the JSON, or undefined to anyone but the one client. */
  requestToken(authorization: string, body: string): Promise<string | undefined>;
  /** Answers an introspection request for a token of its own. */
  introspect(authorization: string, body: string): string | undefined;
}

/**
 * Makes an issuer of one client that reads the same request as Signet, compares one SHA-256 in constant time, and signs the same claims
 * once, or verifies them once. It has no store and no log. Where Signet has found a cheaper way to do one of these, so does this: what it
 * costs less is what Signet does more.
 */
export async function floorIssuer(issuer: string, alg: Alg, signing: Signing): Promise<FloorIssuer> {
  const { digest, signature: options } = signingAlgorithm(alg);
  const { privateKey } = await generateKeyPairFor(alg);
  const [key, publicKey] = [
    keyWithOptions(privateKey, alg),
    keyWithOptions(createPublicKey(privateKey), alg),
  ];
  const header = encodeJson({ typ: 'at+jwt', alg, kid: hash('sha256', alg, 'base64url') });
  const client = { client_id: '0123456789ABCDEFGHIJKL', client_secret: createClientSecret() };
  const secretHash = hash('sha256', client.client_secret, 'buffer');

  const isClient = (authorization: string) => {
    const credentials = Buffer.from(authorization.slice('Basic '.length), 'base64').toString();
    const [client_id, secret = ''] = credentials.split(':');
    return client_id === client.client_id && timingSafeEqual(hash('sha256', secret, 'buffer'), secretHash);
  };
  const claims = () => {
    const iat = Math.floor(Date.now() / 1000);
    const { client_id } = client;
    const times = { iss: issuer, exp: iat + LIFETIME_SECONDS, aud: RESOURCE };
    return { ...times, sub: client_id, client_id, iat, jti: createJti(), scope: 'read write' };
  };
  const signatureOf = {
    sync: (signingInput: Buffer) => sign(digest, signingInput, key),
    pool: (signingInput: Buffer) => signInThread(digest, signingInput, key),
    documented: (signingInput: Buffer) => sign(digest, signingInput, { key: privateKey, ...options }),
  }[signing];

  return {
    client,
    async requestToken(authorization, body) {
      if (new URLSearchParams(body).get('grant_type') !== 'client_credentials') return undefined;
      if (!isClient(authorization)) return undefined;
      const signingInput = `${header}.${encodeJson(claims())}`;
      const signature = await signatureOf(Buffer.from(signingInput));
      const access_token = `${signingInput}.${signature.toString('base64url')}`;
      const token = { access_token, token_type: 'Bearer', expires_in: LIFETIME_SECONDS, scope: 'read write' };
      return JSON.stringify(token);
    },
    introspect(authorization, body) {
      const token = new URLSearchParams(body).get('token') ?? '';
      if (!isClient(authorization)) return undefined;
      const [tokenHeader = '', payload = '', signature = ''] = token.split('.');
      const signingInput = Buffer.from(`${tokenHeader}.${payload}`);
      if (!verify(digest, signingInput, publicKey, Buffer.from(signature, 'base64url'))) return undefined;
      const told = JSON.parse(Buffer.from(payload, 'base64url').toString());
      return JSON.stringify({ ...told, active: Date.now() < told.exp * 1000, token_type: 'Bearer' });
    },
  };
}

function encodeJson(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
