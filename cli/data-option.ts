import { Option } from 'commander';

/** Where the embedded store is. */
export function dataOption(): Option {
  return new Option('--data <folder>', 'the folder of the embedded store')
    .default('.signet')
    .env('SIGNET_DATA');
}
