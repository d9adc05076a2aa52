import * as v from 'valibot';
import type { Deployment } from './deployment.ts';

const FunctionSchema = v.object({
  Environment: v.object({ Variables: v.record(v.string(), v.unknown()) }),
});

/** A setting of the functions of a stack, as its template has it; undefined when none of them has it. */
export async function findSetting(deployment: Deployment, name: string): Promise<string | undefined> {
  for (const { properties } of await deployment.resources()) {
    const { success, output } = v.safeParse(FunctionSchema, properties);
    const value = success ? output.Environment.Variables[name] : undefined;
    if (typeof value === 'string') return value;
  }
  return undefined;
}
