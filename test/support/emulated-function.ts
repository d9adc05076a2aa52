import type { Emulator } from './emulator.ts';

/** A function that was deployed into an emulator, reached past its API. */
export interface EmulatedFunction {
  readonly name: string;
  /** Sets variables in its environment, beside those that it has: the next request is the first of a new start. */
  restart(variables: Readonly<Record<string, string>>): Promise<void>;
  /** Calls it as a schedule does; tells whether it did its work. */
  invoke(): Promise<boolean>;
}

/** Finds a function by its name. */
export async function emulatedFunction({ endpoint }: Emulator, name: string): Promise<EmulatedFunction> {
  const url = `${endpoint}/2015-03-31/functions/${name}`;
  const { Environment } = (await (await fetch(`${url}/configuration`)).json()) as {
    readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
  };
  return {
    name,
    async restart(variables) {
      const body = JSON.stringify({ Environment: { Variables: { ...Environment.Variables, ...variables } } });
      const { ok, status } = await fetch(`${url}/configuration`, { method: 'PUT', body });
      if (!ok) throw new Error(`${name} cannot be configured: the emulator answered ${status}`);
    },
    async invoke() {
      const { headers } = await fetch(`${url}/invocations`, { method: 'POST', body: '{}' });
      return !headers.has('X-Amz-Function-Error');
    },
  };
}
