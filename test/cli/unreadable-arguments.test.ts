import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALGS } from '../../core/jose/algorithms.ts';
import { callSignet } from '../support/signet-in-process.ts';

const HELP = 'add --help to see what the command takes';

/** What is wrong with a command line, and what the command says of it. */
const UNREADABLE: readonly (readonly [readonly string[], string])[] = [
  [['bogus'], `unknown command 'bogus': ${HELP}`],
  [['client'], `unknown command 'client' (Did you mean clients?): ${HELP}`],
  [['clients', 'bogus'], `unknown command 'bogus': ${HELP}`],
  [['clients', 'secrets', 'bogus'], `unknown command 'bogus': ${HELP}`],
  [['--bogus'], `unknown option '--bogus': ${HELP}`],
  [['clients', 'list', '--bogus'], `unknown option '--bogus': ${HELP}`],
  [['clients', 'list', '--dat', 'x'], `unknown option '--dat' (Did you mean --data?): ${HELP}`],
  [['clients', 'show'], `missing required argument 'client_id': ${HELP}`],
  [['clients', 'update', '--lifetime', '1h'], `missing required argument 'client_id': ${HELP}`],
  [['clients', 'secrets', 'revoke', 'shop'], `missing required argument 'secret_id': ${HELP}`],
  [['resources', 'create'], `missing required argument 'resource': ${HELP}`],
  [
    ['clients', 'show', 'a', 'b'],
    `too many arguments for 'show'. Expected 1 argument but got 2: a, b: ${HELP}`,
  ],
  [['initial-access-tokens', 'create'], `required option '--resource <access>' not specified: ${HELP}`],
  [
    ['initial-access-tokens', 'create', '--uses', '1.5'],
    "option '--uses <count>' argument '1.5' is invalid. It is no whole number",
  ],
  [
    ['initial-access-tokens', 'revoke', 'a'],
    "command-argument value 'a' is invalid for argument 'initial_access_token_id'. An initial_access_token_id is 43 letters and digits, as list shows it",
  ],
  [['clients', 'create', '--name'], `option '--name <name>' argument missing: ${HELP}`],
  ...['x', '65536', '-1', '80.5', ''].map(
    (port) =>
      [
        ['serve', '--port', port],
        `option '--port <port>' argument '${port}' is invalid. A port is a number from 0 to 65535`,
      ] as const,
  ),
  ...['https://auth.example.com/', 'auth.example.com', 'https://auth.example.com?a=b', 'ftp://x'].map(
    (url) =>
      [
        ['serve', '--issuer', url],
        `option '--issuer <url>' argument '${url}' is invalid. An issuer is an https URL (http for tests) without user, query, fragment and trailing slash, such as https://auth.example.com`,
      ] as const,
  ),
  ...['RS1', 'RS256,RS256', 'RS256,', 'none', ''].map(
    (algs) =>
      [
        ['serve', '--algs', algs],
        `option '--algs <list>' argument '${algs}' is invalid. The algorithms are ${ALGS.join(', ')}; write several with commas between, each once`,
      ] as const,
  ),
  ...['--host', '--data'].map(
    (option) =>
      [
        ['serve', option, ''],
        `option '${option} <${option === '--host' ? 'host' : 'folder'}>' argument '' is invalid. It is empty: write a value, or leave the option out`,
      ] as const,
  ),
];

describe('signet, given a command line that it cannot read', () => {
  for (const [args, sentence] of UNREADABLE) {
    it(`says what is wrong with: signet ${args.join(' ')}`, async () => {
      const failed = { exitCode: 2, stdout: '', stderr: `signet: ${sentence}\n` };
      assert.deepEqual(await callSignet(args), failed);
    });
  }

  for (const args of [[], ['clients'], ['resources'], ['clients', 'secrets'], ['initial-access-tokens']]) {
    it(`shows what there is when a command is missing: signet ${args.join(' ')}`, async () => {
      const { exitCode, stdout, stderr } = await callSignet(args);
      assert.deepEqual([exitCode, stdout], [2, '']);
      assert.deepEqual(stderr, (await callSignet([...args, '--help'])).stdout);
    });
  }
});
