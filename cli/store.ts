import type { Command } from 'commander';
import type { Issuer } from '../core/issuer.ts';
import type { Answer } from './answer.ts';
import { dataOption } from './data-option.ts';

/** What the management commands need of a store, wherever it is. */
export type ManagedStore = Pick<Issuer, 'clients' | 'resources' | 'signingKeys' | 'clock'> & {
  close(): void;
};

/** The options that all management commands have: which store, and how to answer. */
export interface StoreOptions {
  readonly data: string;
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
    .option('--json', 'answer in JSON')
    .action(async () => {
      const options = command.opts<Options>();
      const store = await openStore(options);
      try {
        const { json, text } = await run(store, options, ...(command.processedArgs as unknown as Arguments));
        process.stdout.write(`${options.json ? JSON.stringify(json) : text}\n`);
      } finally {
        store.close();
      }
    });
}

async function openStore({ data }: StoreOptions): Promise<ManagedStore> {
  return (await import('../adapters/embedded/store.ts')).openExistingStore(data);
}
