import type { RemovalEffects } from '../core/management/remove-signing-key.ts';

/** What people read before a key is removed or disabled: what stops to work, what goes on that should not, and what signs afterwards. */
export function removalText(effects: RemovalEffects, end: string, isLocked: boolean): string {
  const { kid, alg, state, tokens_until, caches_until } = effects;
  return `The key ${kid} (${alg}, ${state}) leaves the JWKS, and ${end}.
- All tokens that it signed are refused, also good ones, which would have been good until ${date(tokens_until)} at most: their clients have to get new ones.
- APIs that keep the JWKS for as long as they are told accept its tokens, also forged ones, until ${date(caches_until)}; those that keep it longer, for longer.
- ${functionsText(isLocked)} for a minute, and for 15 while DynamoDB does not answer them.
- ${successorText(effects)}
`;
}

function functionsText(isLocked: boolean): string {
  return isLocked
    ? 'KMS signs with it for nobody any more, where you may disable it: deployed functions that keep the key set answer 500'
    : 'Deployed functions that keep the key set go on with it';
}

function successorText({ alg, successor, is_successor_known, caches_until }: RemovalEffects): string {
  if (successor === undefined) {
    return `Nothing signs with ${alg} then: no token is issued for resources that want it, until a key is published.`;
  }
  const name = successor === 'new' ? 'A key that is made now' : `The key ${successor.kid}`;
  const known = is_successor_known
    ? 'every API has it already.'
    : `APIs that do not look for an unknown key refuse its tokens until ${date(caches_until)}.`;
  return `${name} signs with ${alg} from now on: ${known}`;
}

function date(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
