import { currentSigningKey, type SigningKey } from '../../core/jose/signing-key.ts';
import { KEY_AGE_MAX_SECONDS, KEY_ROTATION_GRACE_SECONDS } from '../../core/limits.ts';
import { parseAlgs } from '../option-values.ts';
import type { Check, Fault } from './check.ts';
import { findSetting } from './setting.ts';

const NO_KEY_SET: Fault = {
  found: 'the Keys table has no keys in it: no token is issued, and none is good',
  mend: 'put the item key-set back from a copy: aws dynamodb restore-table-to-point-in-time makes one, as docs/operations.md, “Backups”, tells',
};

/** Whether each algorithm of the stack has a key that signs, and none has signed for too long. */
export const keys: Check = {
  name: 'keys',
  well: 'each algorithm has a key that signs, and none has signed for too long',
  async findFaults(deployment) {
    const now = deployment.clock();
    const keySet = await deployment.store.signingKeys.load();
    if (keySet.keys.length === 0) return [NO_KEY_SET];
    const algs = parseAlgs((await findSetting(deployment, 'SIGNET_SIGNING_ALGS')) ?? '');
    const period = await findSetting(deployment, 'SIGNET_KEY_ROTATION_SECONDS');
    const oldest = period === undefined ? KEY_AGE_MAX_SECONDS : Number(period) + KEY_ROTATION_GRACE_SECONDS;
    return algs.flatMap((alg) => {
      const key = currentSigningKey(keySet, alg, now);
      if (key !== undefined) return now - key.signs_from < oldest ? [] : [overdue(key, deployment.name)];
      const found = `no key signs with ${alg}: no token is issued for resources that want it`;
      return [{ found, mend: 'publish one: npx cdk deploy -c keyGeneration=N, one higher than it is' }];
    });
  },
};

function overdue(key: SigningKey, stack: string): Fault {
  const { kid, alg, signs_from } = key;
  return {
    found: `the key ${kid} (${alg}) signs since ${new Date(signs_from * 1000).toISOString()}`,
    mend: `have another follow it: signet keys rotate --stack ${stack}`,
  };
}
