import { Command } from 'commander';
import type { KeyId, SigningKey } from '../core/jose/signing-key.ts';
import { rotatableAlgs, rotateSigningKeys } from '../core/management/key-rotation.ts';
import {
  disableSigningKey,
  enableSigningKey,
  foreseeRemoval,
  removeSigningKey,
} from '../core/management/remove-signing-key.ts';
import { describeSigningKeys, requireKey, retireSigningKey } from '../core/management/signing-keys.ts';
import { OAuthError } from '../core/oauth-error.ts';
import { type Answer, listText } from './answer.ts';
import { confirm } from './confirm.ts';
import { withExamples } from './examples.ts';
import { lockPrivateHalf } from './key-lock.ts';
import { removalText } from './key-removal.ts';
import type { ManagedStore } from './managed-store.ts';
import { parseDuration, parseKeyId } from './option-values.ts';
import { onStore, type StoreOptions } from './store.ts';

/** `signet keys`: what signs tokens. */
export function keysCommand(): Command {
  const keys = new Command('keys').description('the keys that sign tokens: list, rotate and retire them');
  for (const command of [list(), rotate(), retire(), disable(), enable()]) keys.addCommand(command);
  return keys;
}

function list(): Command {
  return onStore(new Command('list').description('list the keys, their states and times'), listed);
}

async function listed(store: ManagedStore): Promise<Answer> {
  const keys = await describeKeys(store);
  return { json: keys, text: keysText(keys) };
}

function rotate(): Command {
  const command = new Command('rotate')
    .description('have a new key follow each one that signs, as soon as every cache of the JWKS has it')
    .option(
      '--older-than <duration>',
      'only those that have signed for that long (90d), so that it can be run again and again',
      parseDuration,
      0,
    );
  withExamples(command, 'signet keys rotate', 'signet keys rotate --older-than 90d --json');
  return onStore<StoreOptions & { readonly olderThan: number }, []>(command, async (store, { olderThan }) => {
    const made = await rotateKeys(olderThan, store);
    const keys = await describeKeys(store);
    return {
      json: { made: made.map((key) => key.kid), keys },
      text: `${madeText(made)}\n\n${keysText(keys)}`,
    };
  });
}

async function rotateKeys(periodSeconds: number, store: ManagedStore): Promise<readonly SigningKey[]> {
  if (rotatableAlgs(await store.signingKeys.load(), store).length > 0)
    return rotateSigningKeys(periodSeconds, store);
  throw new OAuthError(
    'conflict',
    'there is no key here that another can be made like: signet serve makes the first ones, or the deploy of a stack',
  );
}

function madeText(made: readonly SigningKey[]): string {
  if (made.length === 0)
    return 'No key was made: those that sign are not old enough, or another is on its way.';
  return 'A key was made and published for each algorithm. It signs when every cache of the JWKS has it, and the one before it retires then.';
}

/** A command that changes one key. */
function keyCommand(name: string, description: string): Command {
  return (
    new Command(name)
      .description(description)
      .argument('<kid>', 'which one, as list shows it', parseKeyId)
      // One kid in 64 begins with a hyphen; what is neither option nor kid is refused as a kid.
      .allowUnknownOption()
  );
}

interface ConfirmedOptions extends StoreOptions {
  readonly yes?: true;
}

function retire(): Command {
  const command = keyCommand(
    'retire',
    'take a key out of use, as soon as another signs; it stays in the JWKS until its last token expired',
  )
    .option('--now', 'take it out of the JWKS at once, with all tokens that it signed: for a key that leaked')
    .option('--yes', 'with --now, do not ask');
  return onStore<ConfirmedOptions & { readonly now?: true }, [KeyId]>(
    command,
    async (store, options, kid) => {
      if (options.now) return takeOutAtOnce(REMOVAL, kid, store, options);
      await retireSigningKey(kid, store);
      return listed(store);
    },
  );
}

function disable(): Command {
  const command = keyCommand(
    'disable',
    'take a key out of the JWKS and out of use at once, with all tokens that it signed; enable can undo it for a day',
  ).option('--yes', 'go on without asking');
  return onStore<ConfirmedOptions, [KeyId]>(command, (store, options, kid) =>
    takeOutAtOnce(DISABLING, kid, store, options),
  );
}

function enable(): Command {
  const command = keyCommand(
    'enable',
    'take a disabled key back into the JWKS: its tokens are good again, and it signs no new ones',
  );
  return onStore<StoreOptions, [KeyId]>(command, async (store, _, kid) => {
    await enableSigningKey(kid, store);
    return listed(store);
  });
}

/** A way in which a key goes out of use at once. */
interface TakingOut {
  readonly done: 'removed' | 'disabled';
  /** What becomes of the key. */
  readonly end: string;
  readonly question: string;
  readonly run: typeof removeSigningKey;
}

const REMOVAL: TakingOut = {
  done: 'removed',
  end: 'is gone for good',
  question: 'This cannot be undone.',
  run: removeSigningKey,
};

const DISABLING: TakingOut = {
  done: 'disabled',
  end: 'signs no more; signet keys enable takes it back into the JWKS while tokens of it would be good',
  question: 'Its tokens are refused then.',
  run: disableSigningKey,
};

async function takeOutAtOnce(
  { done, end, question, run }: TakingOut,
  kid: KeyId,
  store: ManagedStore,
  { json, yes }: ConfirmedOptions,
): Promise<Answer> {
  const { successor, is_successor_known, ...effects } = await foreseeRemoval(kid, store);
  const key = requireKey(kid, (await store.signingKeys.load()).keys);
  const isLocked = store.keyLock?.reaches(key) ?? false;
  if (!json) process.stderr.write(removalText({ successor, is_successor_known, ...effects }, end, isLocked));
  if (!yes) await confirm(question);
  await run(kid, store);
  await lockPrivateHalf(key, store);
  const keys = await describeKeys(store);
  return { json: { [done]: effects, keys }, text: `The key ${kid} is ${done}.\n\n${keysText(keys)}` };
}

type Keys = ReturnType<typeof describeSigningKeys>;

async function describeKeys({ signingKeys, clock }: ManagedStore): Promise<Keys> {
  return describeSigningKeys(await signingKeys.load(), clock());
}

function keysText(keys: Keys): string {
  const columns = [
    'kid',
    'alg',
    'state',
    'published_at',
    'signs_from',
    'retired_at',
    'published_until',
  ] as const;
  return listText(keys, columns, 'There are no keys yet: signet serve makes them, or the deploy of a stack.');
}
