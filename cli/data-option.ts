import { Option } from 'commander';
import { parseNonEmpty } from './option-values.ts';

/** Where the embedded store is. */
export function dataOption(): Option {
  return new Option('--data <folder>', 'the folder of the embedded store')
    .default('.signet')
    .env('SIGNET_DATA')
    .argParser(parseNonEmpty);
}
