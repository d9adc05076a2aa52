import * as v from 'valibot';
import { thumbprint } from '../../core/jose/json-web-key-thumbprint.ts';
import { EMPTY_KEY_SET, type KeySet, KeySetSchema, PublicJwkSchema } from '../../core/jose/signing-key.ts';
import type { KeyMaker } from '../../core/ports/key-maker.ts';
import type { SigningKeyStore } from '../../core/ports/signing-key-store.ts';
import type { Database } from './database.ts';
import { keepUntilWritten } from './keep-until-written.ts';
import { generateKeyPairFor } from './key-pair.ts';

/** The key of the only row. */
const SINGLETON = 1;

/** The key set in an embedded store, and what makes keys for it. */
export interface EmbeddedSigningKeys {
  readonly signingKeys: SigningKeyStore;
  readonly keyMaker: KeyMaker;
}

/**
 * The signing keys in an embedded store.
 *
 * Private halves come and go with the key set that has their keys, in one transaction: no crash and no race leaves one behind, or a key
 * without its own.
 */
export function embeddedSigningKeys(database: Database): EmbeddedSigningKeys {
  const select = database.prepare('SELECT document FROM key_set WHERE singleton = ?');
  const insert = database.prepare(
    'INSERT INTO key_set (singleton, version, document) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const update = database.prepare('UPDATE key_set SET version = ?, document = ? WHERE version = ?');
  const keep = database.prepare(
    'INSERT INTO private_key (reference, pkcs8) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const erase = database.prepare('DELETE FROM private_key WHERE reference = ?');
  const read = (singleton: number) => {
    const row = database.get(select, singleton);
    return row && v.parse(KeySetSchema, JSON.parse(String(row['document'])));
  };
  const find = keepUntilWritten(database, read);
  const made = new Map<string, Buffer>();

  const write = (keySet: KeySet): boolean => {
    const { version } = keySet;
    const document = JSON.stringify(keySet);
    const written =
      version === EMPTY_KEY_SET.version + 1
        ? database.write(insert, SINGLETON, version, document)
        : database.write(update, version, document, version - 1);
    return written === 1;
  };

  return {
    signingKeys: {
      async load() {
        return find(SINGLETON) ?? EMPTY_KEY_SET;
      },
      async replace(keySet) {
        return database.transact(() => {
          const before = referencesOf(read(SINGLETON) ?? EMPTY_KEY_SET);
          if (!write(keySet)) return false;
          const after = referencesOf(keySet);
          for (const reference of before.difference(after)) database.writeUnkept(erase, reference);
          for (const reference of after.difference(before)) {
            const pkcs8 = made.get(reference);
            if (pkcs8) database.writeUnkept(keep, reference, pkcs8);
            made.delete(reference);
          }
          return true;
        });
      },
    },
    keyMaker: {
      async make(alg) {
        const { publicKey, privateKey } = await generateKeyPairFor(alg);
        const public_jwk = v.parse(PublicJwkSchema, publicKey.export({ format: 'jwk' }));
        const private_key_reference = thumbprint(public_jwk);
        made.set(private_key_reference, privateKey.export({ format: 'der', type: 'pkcs8' }));
        return { alg, public_jwk, private_key_reference };
      },
      makesSuch: () => true,
    },
  };
}

function referencesOf({ keys }: KeySet): ReadonlySet<string> {
  return new Set(keys.map((key) => key.private_key_reference));
}
