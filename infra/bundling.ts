import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

/**
 * How esbuild makes a Lambda bundle of a function's file: plain options, so that whoever measures bundles makes the same ones.
 *
 * The AWS SDK goes in: the version is then ours, and what a function does not import is not loaded. Its ES modules come first
 * (`module` before `main`), for only they can be shaken. Its chain of credential providers makes way for the one that a Lambda has.
 */
export const BUNDLING = {
  format: 'esm',
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  alias: {
    '@aws-sdk/credential-provider-node': join(
      import.meta.dirname,
      '../adapters/aws/environment-credentials.ts',
    ),
  },
} satisfies BuildOptions;
