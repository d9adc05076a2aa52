import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

/**
 * How esbuild makes a Lambda bundle of a function's file: plain options, so that whoever measures bundles makes the same ones.
 *
 * The AWS SDK goes in: the version is then ours, and what a function does not import is not loaded. Its ES modules come first
 * (`module` before `main`), for only they can be shaken. Its chain of credential providers makes way for the one that a Lambda has.
 *
 * What a cold start pays for is left out: modules of Node are loaded by `require` alone, for an `import` of one fetches all that it
 * exports, and with `node:http` that is a whole `WebSocket`. And whatever is loaded later has each module that it shares wrapped in a
 * function, which V8 then reads twice: so nothing is, and event streams, which the SDK would load for calls that we do not make, are
 * not there.
 */
export const BUNDLING = {
  format: 'cjs',
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  alias: {
    '@aws-sdk/credential-provider-node': join(
      import.meta.dirname,
      '../adapters/aws/environment-credentials.ts',
    ),
  },
  external: ['@smithy/core/event-streams'],
  supported: { 'dynamic-import': false },
} satisfies BuildOptions;
