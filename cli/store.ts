import { type Command, Option } from 'commander';
import { OAuthError } from '../core/oauth-error.ts';
import type { Answer } from './answer.ts';
import { dataOption } from './data-option.ts';
import type { ManagedStore } from './managed-store.ts';

/** The options that all management commands have: which store, and how to answer. */
export interface StoreOptions {
  readonly data: string;
  readonly stack?: string;
  readonly json?: true;
}

/**
 * Makes a management command of one that has its arguments and options: it opens the store that its options name, runs,
 * closes the store whatever happens, and answers.
 */
export function onStore<Options extends StoreOptions, Arguments extends readonly unknown[]>(
  command: Command,
  run: (store: ManagedStore, options: Options, ...args: Arguments) => Promise<Answer>,
): Command {
  return command
    .addOption(dataOption())
    .addOption(stackOption())
    .option('--json', 'answer in JSON')
    .action(async () => {
      const options = command.opts<Options>();
      const store = await openStore(command, options);
      try {
        const { json, text } = await run(store, options, ...(command.processedArgs as unknown as Arguments));
        process.stdout.write(`${options.json ? JSON.stringify(json) : text}\n`);
      } finally {
        store.close();
      }
    });
}

function stackOption(): Option {
  const meaning = 'the deployed stack to work on instead of the folder, with your AWS credentials';
  return new Option('--stack <name>', meaning).env('SIGNET_STACK');
}

// Each is loaded when it is needed: the AWS SDK takes longer to load than all the rest takes to run.
async function openStore(command: Command, { data, stack }: StoreOptions): Promise<ManagedStore> {
  if (stack !== undefined && isStackMeant(command))
    return (await import('./deployed-store.ts')).openDeployedStore(stack);
  return (await import('../adapters/embedded/store.ts')).openExistingStore(data);
}

/** What stands in the command counts for more than what the environment has. */
function isStackMeant(command: Command): boolean {
  const [data, stack] = ['data', 'stack'].map((option) => command.getOptionValueSource(option) === 'cli');
  if (data && stack)
    throw new OAuthError('invalid_request', '--data and --stack name two stores: choose one');
  return !data;
}
