/** Stands in for `node:test` where the names of tests are wanted and not their outcome. */
export const names: string[] = [];

let path: readonly string[] = [];

export function describe(name: string, register: () => void): void {
  const outer = path;
  path = [...outer, name];
  register();
  path = outer;
}

export function it(name: string): void {
  names.push([...path, name].join(' › '));
}

export function before(): void {}

export function after(): void {}

export function beforeEach(): void {}

export function afterEach(): void {}

export const mock = {};
