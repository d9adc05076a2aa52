/**
 * How esbuild makes a Lambda bundle of a function's file: plain options, so that whoever measures bundles makes the same ones.
 *
 * The AWS SDK goes in: the version is then ours, and what a function does not import is not loaded. Its ES modules come first
 * (`module` before `main`), for only they can be shaken.
 */
export const BUNDLING = {
  format: 'esm',
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
} as const;
