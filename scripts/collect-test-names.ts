import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/** Finds the names of all tests that a file has, without running them: each once a process, for a module is loaded once. */
export async function collectTestNames(file: string): Promise<readonly string[]> {
  const standIn = new URL('./test-names.ts', import.meta.url).href;
  const { names } = await import('./test-names.ts');
  const before = names.length;
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'node:test' ? { url: standIn, shortCircuit: true } : next(specifier, context),
  });
  try {
    await import(pathToFileURL(file).href);
  } finally {
    hooks.deregister();
  }
  return names.slice(before);
}
