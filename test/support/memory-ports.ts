import { createHmac, type KeyObject, randomBytes, sign } from 'node:crypto';
import * as v from 'valibot';
import { generateKeyPairFor } from '../../adapters/embedded/key-pair.ts';
import type { AccessTokenClaims } from '../../core/access-token/access-token-claims.ts';
import type { Client } from '../../core/client.ts';
import type { ClientId } from '../../core/client-id.ts';
import { type Clock, systemClock } from '../../core/clock.ts';
import type { Issuer } from '../../core/issuer.ts';
import { type Alg, signingAlgorithm } from '../../core/jose/algorithms.ts';
import { thumbprint } from '../../core/jose/json-web-key-thumbprint.ts';
import { EMPTY_KEY_SET, PublicJwkSchema } from '../../core/jose/signing-key.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { ManagementPorts } from '../../core/management/ports.ts';
import type { InitialAccessTokenStore } from '../../core/ports/initial-access-token-store.ts';
import { DocumentUnavailableError, type JsonDocumentReader } from '../../core/ports/json-document-reader.ts';
import type { KeyMaker, KeyMaterial } from '../../core/ports/key-maker.ts';
import type { MadeKey, MadeKeys } from '../../core/ports/made-keys.ts';
import type { RecordStore } from '../../core/ports/record-store.ts';
import type { ReplayStore } from '../../core/ports/replay-store.ts';
import type { SecretDerivation } from '../../core/ports/secret-derivation.ts';
import type { Signer } from '../../core/ports/signer.ts';
import type { SigningKeyStore } from '../../core/ports/signing-key-store.ts';
import type { TokenStore } from '../../core/ports/token-store.ts';
import type {
  InitialAccessToken,
  InitialAccessTokenId,
} from '../../core/registration/initial-access-token.ts';
import type { Resource } from '../../core/resource.ts';

/** Ports that keep everything in this process, held to the same contracts as those that users get. */
export interface MemoryPorts
  extends Omit<ManagementPorts, 'clock'>,
    Pick<Issuer, 'signer' | 'tokens' | 'replays'> {
  readonly secretDerivation: SecretDerivation;
  readonly keyMaker: KeyMaker;
  readonly madeKeys: MadeKeys;
  createSigningKey(alg: Alg): Promise<KeyMaterial>;
}

/** Makes the ports of an issuer that knows nothing yet. */
export function memoryPorts(clock: Clock = systemClock): MemoryPorts {
  const clients = new Map<ClientId, Client>();
  return {
    clients: memoryRecordStore((client) => client.client_id, clients),
    initialAccessTokens: memoryInitialAccessTokenStore(clients),
    resources: memoryRecordStore((resource: Resource) => resource.resource),
    signingKeys: memorySigningKeyStore(),
    tokens: memoryTokenStore(),
    replays: memoryReplayStore(clock),
    secretDerivation: memorySecretDerivation(),
    ...memorySigner(clock),
  };
}

/** Documents that others would publish, by their URLs; what is undefined cannot be had. */
export function memoryDocuments(published: ReadonlyMap<string, JsonObject>): JsonDocumentReader {
  const read = async (url: string) => {
    const document = published.get(url);
    if (document) return document;
    throw new DocumentUnavailableError(url, 'it answered 404');
  };
  return { read, reread: read };
}

/** Keeps records in a Map. */
function memoryRecordStore<Id extends string, Item extends { readonly version: number }>(
  identify: (item: Item) => Id,
  items = new Map<Id, Item>(),
): RecordStore<Id, Item> {
  const put = (item: Item, expected: number | undefined) => {
    if (items.get(identify(item))?.version !== expected) return false;
    items.set(identify(item), structuredClone(item));
    return true;
  };
  return {
    find: async (id) => items.get(id),
    create: async (item) => put(item, undefined),
    replace: async (item) => put(item, item.version - 1),
    remove: async (item) =>
      items.get(identify(item))?.version === item.version && items.delete(identify(item)),
    async list(limit, after) {
      const rest = [...items.values()]
        .filter((item) => after === undefined || identify(item) > after)
        .sort((a, b) => (identify(a) < identify(b) ? -1 : 1));
      const shown = rest.slice(0, limit);
      const last = shown.at(-1);
      return rest.length > limit && last ? { items: shown, next: identify(last) } : { items: shown };
    },
  };
}

/** Looks and then writes without a wait between, so that nothing races. */
function memoryInitialAccessTokenStore(clients: Map<ClientId, Client>): InitialAccessTokenStore {
  const tokens = new Map<InitialAccessTokenId, InitialAccessToken>();
  return {
    ...memoryRecordStore((token) => token.initial_access_token_id, tokens),
    async spend(token, client) {
      const { initial_access_token_id: id, version } = token;
      if (tokens.get(id)?.version !== version - 1 || clients.has(client.client_id)) return false;
      tokens.set(id, structuredClone(token));
      clients.set(client.client_id, structuredClone(client));
      return true;
    },
  };
}

/** Keeps a key set in a variable. */
export function memorySigningKeyStore(): SigningKeyStore {
  let latest = EMPTY_KEY_SET;
  return {
    load: async () => latest,
    async replace(keySet) {
      if (keySet.version !== latest.version + 1) return false;
      latest = structuredClone(keySet);
      return true;
    },
  };
}

function memoryTokenStore(): TokenStore {
  const references = new Map<string, AccessTokenClaims>();
  const revoked = new Set<string>();
  return {
    async add(claims) {
      references.set(claims.jti, structuredClone(claims));
    },
    find: async (jti) => references.get(jti),
    async revoke(jti) {
      revoked.add(jti);
    },
    isRevoked: async (jti) => revoked.has(jti),
  };
}

function memoryReplayStore(clock: Clock): ReplayStore {
  const remembered = new Map<string, number>();
  return {
    async remember(key, until) {
      if ((remembered.get(key) ?? 0) > clock()) return false;
      remembered.set(key, until);
      return true;
    },
  };
}

function memorySecretDerivation(): SecretDerivation {
  const key = randomBytes(64);
  return { derive: async (name) => createHmac('sha512', key).update(name).digest() };
}

function memorySigner(
  clock: Clock,
): Pick<MemoryPorts, 'signer' | 'keyMaker' | 'madeKeys' | 'createSigningKey'> {
  const privateKeys = new Map<string, KeyObject>();
  const made = new Map<string, MadeKey>();
  const signer: Signer = {
    async sign({ alg, private_key_reference }, signingInput) {
      const key = privateKeys.get(private_key_reference);
      if (!key) throw new Error('there is no such private key');
      const { digest, signature } = signingAlgorithm(alg);
      return sign(digest, signingInput, { key, ...signature });
    },
  };
  const createSigningKey = async (alg: Alg): Promise<KeyMaterial> => {
    const { publicKey, privateKey } = await generateKeyPairFor(alg);
    const public_jwk = v.parse(PublicJwkSchema, publicKey.export({ format: 'jwk' }));
    const private_key_reference = thumbprint(public_jwk);
    privateKeys.set(private_key_reference, privateKey);
    made.set(private_key_reference, { private_key_reference, made_at: clock() });
    return { alg, public_jwk, private_key_reference };
  };
  const madeKeys: MadeKeys = {
    list: async () => [...made.values()],
    async discard({ private_key_reference }) {
      privateKeys.delete(private_key_reference);
      made.delete(private_key_reference);
    },
  };
  return { signer, createSigningKey, madeKeys, keyMaker: { make: createSigningKey, makesSuch: () => true } };
}
